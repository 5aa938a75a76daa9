package io.gatehouse.deployment;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.Artifacts;
import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.protocol.trust.Vendor;
import io.gatehouse.software.Bounds;
import io.gatehouse.software.Document;
import io.gatehouse.software.Part;
import io.gatehouse.software.Plan;
import io.gatehouse.software.Software;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Gets from what is wanted to a change that may be made. Nothing that runs is touched. */
final class Preparation {
    private final Software software;
    private final Shelf shelf;
    private final Licenses licenses;
    private final Resolving resolving;
    private final Provenance provenance;
    private final Policy policy;

    /**
     * A change that may be made.
     *
     * @param aim what of all that is wanted it is made from
     */
    record Change(Document target, Plan plan, Aim aim) {}

    /** Is told how far it is. */
    @FunctionalInterface
    interface Watch {
        /** A step, and the share of it that is done. */
        void step(String step, double progress);
    }

    Preparation(
            Software software,
            Shelf shelf,
            Licenses licenses,
            Resolving resolving,
            Provenance provenance,
            Policy policy) {
        this.software = software;
        this.shelf = shelf;
        this.licenses = licenses;
        this.resolving = resolving;
        this.provenance = provenance;
        this.policy = policy;
    }

    /**
     * Prepares a change to all that is wanted and licensed.
     *
     * @param mayEvict whether artifacts that neither run nor are wanted may go to make room
     * @throws Refused where it must not be made
     * @throws IOException where it cannot be made now
     */
    Change prepare(List<Desired> all, boolean mayEvict, Watch watch) throws Refused, IOException, InterruptedException {
        while (true) {
            Aim aim = licenses.aim(all);
            Optional<Change> change = prepare(aim, all, mayEvict, watch);
            if (change.isPresent()) {
                return change.get();
            }
        }
    }

    /** Nothing where it is no longer the aim: now that all manifests are here, more may have to be left out. */
    private Optional<Change> prepare(Aim aim, List<Desired> all, boolean mayEvict, Watch watch)
            throws Refused, IOException, InterruptedException {
        Wish wish = Wish.of(aim.of(all));
        // Before any is looked for: somebody else's change may make room, or be done, while this is prepared.
        Artifacts.Hold hold = shelf.artifacts().hold(digests(wish));
        try {
            Map<Sha256, Path> files = fetch(wish, mayEvict, watch);
            watch.step("verify", 0);
            Map<Sha256, Jar> jars = verify(wish, files);
            return licenses.aim(all).equals(aim) ? Optional.of(change(aim, wish, jars, watch)) : Optional.empty();
        } finally {
            hold.close();
        }
    }

    /**
     * Prepares a change that takes bundles away and brings none.
     *
     * @param target what runs, without them
     * @param aim what is told of it
     * @throws Refused where it must not be made
     */
    Change removal(Document target, Aim aim) throws Refused {
        return change(target, aim, Map.of());
    }

    /** Forgets the artifacts that neither what runs, nor what the launcher falls back to, nor what waits for a license needs. */
    void forgetOthers() throws IOException {
        shelf.retain(needed(), true);
    }

    private Change change(Aim aim, Wish wish, Map<Sha256, Jar> jars, Watch watch) throws Refused, IOException {
        List<Part> parts = answeredFor(Selection.parts(wish.choices(), jars, software.factory()), wish, jars);
        watch.step("resolve", 0);
        return change(new Document(parts, wish.configurations(), wish.desired()), aim, jars);
    }

    private Change change(Document target, Aim aim, Map<Sha256, Jar> jars) throws Refused {
        Plan plan = software.plan(target);
        resolving.check(plan, jars(plan, jars), new Neighbours(software.factory(), target.parts()));
        refuseRestarts(plan);
        return new Change(target, plan, aim);
    }

    private Map<Sha256, Path> fetch(Wish wish, boolean mayEvict, Watch watch)
            throws Refused, IOException, InterruptedException {
        Map<Sha256, Path> files = new HashMap<>();
        Map<Sha256, Artifact> missing = new LinkedHashMap<>();
        for (Artifact artifact : wish.artifacts()) {
            Optional<Path> here = shelf.find(artifact.sha256());
            here.ifPresentOrElse(
                    file -> files.put(artifact.sha256(), file), () -> missing.putIfAbsent(artifact.sha256(), artifact));
        }
        if (missing.isEmpty()) {
            return files;
        }
        makeRoom(missing.values(), mayEvict);
        double size = missing.values().stream().mapToDouble(Artifact::size).sum();
        long done = 0;
        for (Artifact artifact : missing.values()) {
            long before = done;
            watch.step("fetch", before / size);
            files.put(
                    artifact.sha256(),
                    shelf.artifacts().fetch(artifact, (bytes, all) -> watch.step("fetch", (before + bytes) / size)));
            done += artifact.size();
        }
        return files;
    }

    private void makeRoom(Collection<Artifact> missing, boolean mayEvict) throws Refused, IOException {
        long lacking = shelf.artifacts().lacking(missing);
        for (boolean hasRoom : List.of(true, false)) {
            if (lacking > 0 && mayEvict) {
                shelf.retain(needed(), hasRoom);
                lacking = shelf.artifacts().lacking(missing);
            }
        }
        if (lacking > 0) {
            long needed = missing.stream().mapToLong(Artifact::size).sum();
            throw new Refused(
                    "no-room",
                    missing.size() + " artifacts of " + needed + " bytes are to be fetched, and " + lacking
                            + " bytes are missing for them");
        }
    }

    private static Set<Sha256> digests(Wish wish) {
        return wish.artifacts().stream().map(Artifact::sha256).collect(Collectors.toSet());
    }

    private Set<Sha256> needed() {
        return Stream.concat(Stream.of(software.document()), software.previous().stream())
                .flatMap(document -> document.parts().stream())
                .map(part -> new Sha256(part.sha256()))
                .collect(Collectors.toSet());
    }

    private Map<Sha256, Jar> verify(Wish wish, Map<Sha256, Path> files) throws Refused {
        Set<String> running = new HashSet<>();
        software.running().forEach(part -> running.add(part.sha256()));
        Map<Sha256, Jar> jars = new HashMap<>();
        for (Wish.Choice choice : wish.choices()) {
            Sha256 sha256 = choice.bundle().artifact().sha256();
            Path file = files.get(sha256);
            if (file != null && !jars.containsKey(sha256)) {
                String id = choice.bundle().id();
                Jar jar = running.contains(sha256.hex()) ? Jar.read(id, file) : Jar.verify(id, file);
                Needs.of(jar);
                jars.put(sha256, jar);
            }
        }
        return jars;
    }

    /** The parts, held to what whoever answers for them may. Of what runs or is committed it was asked when it came. */
    private List<Part> answeredFor(List<Part> parts, Wish wish, Map<Sha256, Jar> jars) throws Refused, IOException {
        Map<String, Part> accepted = new HashMap<>();
        Stream.of(software.factory(), software.document().parts(), software.running())
                .flatMap(List::stream)
                .forEach(part -> accepted.put(part.sha256(), part));
        List<Part> answeredFor = new ArrayList<>();
        for (Part part : parts) {
            Part known = accepted.get(part.sha256());
            Optional<Bounds> bounds = known != null ? known.bounds() : bounds(new Sha256(part.sha256()), wish, jars);
            answeredFor.add(bounds.map(part::within).orElse(part));
        }
        return answeredFor;
    }

    /** One of the features that bring it is enough. */
    private Optional<Bounds> bounds(Sha256 sha256, Wish wish, Map<Sha256, Jar> jars) throws Refused, IOException {
        Optional<Refused> refusal = Optional.empty();
        for (Wish.Choice choice : wish.choices()) {
            Jar jar = jars.get(sha256);
            if (jar != null && choice.bundle().artifact().sha256().equals(sha256)) {
                try {
                    return bounds(provenance.of(choice.bundle().id(), jar, choice.signature()), jar);
                } catch (Refused e) {
                    refusal = refusal.or(() -> Optional.of(e));
                }
            }
        }
        throw refusal.orElseThrow(() -> new IllegalStateException("nobody wants " + sha256));
    }

    private static Optional<Bounds> bounds(Optional<Vendor> vendor, Jar jar) throws Refused {
        if (vendor.isPresent()) {
            Grants.check(jar, vendor.get());
        }
        return vendor.map(Grants::bounds);
    }

    /** By symbolic name, also those of the image that take their place again. */
    private Map<String, Jar> jars(Plan plan, Map<Sha256, Jar> wanted) throws Refused {
        Map<String, Jar> jars = new LinkedHashMap<>();
        List<Part> parts = Stream.concat(plan.installed().stream(), plan.updated().stream())
                .toList();
        for (Part part : parts) {
            Jar jar = wanted.get(new Sha256(part.sha256()));
            if (jar == null) {
                Path file = software.jar(part.sha256())
                        .orElseThrow(() -> new Refused(
                                "missing-jar", part.id() + " is not here: no file has the SHA-256 " + part.sha256()));
                jar = Jar.read(part.id(), file);
            }
            jars.put(part.symbolicName(), jar);
        }
        return jars;
    }

    private void refuseRestarts(Plan plan) throws Refused {
        if (!policy.mayRestart() && !plan.restarted().isEmpty()) {
            throw new Refused(
                    "would-restart",
                    "these bundles would be restarted although they do not change: "
                            + String.join(", ", plan.restarted())
                            + "; allow it with mayRestart of io.gatehouse.deployment");
        }
    }
}
