package io.gatehouse.deployment;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.protocol.Feature;
import io.gatehouse.software.Document;
import io.gatehouse.software.Part;
import io.gatehouse.software.Software;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What runs although its license has ended: it goes also while what else is wanted cannot be had. Nothing but that goes, and nothing
 * comes.
 */
final class Lapsed {
    private static final System.Logger LOG = System.getLogger(Lapsed.class.getName());

    /** Of no payload that anybody wants: a document with it is never taken for what is wanted, and the next change is made. */
    private static final String NO_PAYLOAD = Sha256.of(new byte[0]).hex();

    private final Software software;
    private final Licenses licenses;

    Lapsed(Software software, Licenses licenses) {
        this.software = software;
        this.licenses = licenses;
    }

    /**
     * What is committed, without what may run no longer and what needs that; nothing where all of it may run.
     *
     * @param all what is wanted now, which what runs may be older than
     */
    Optional<Document> without(List<Desired> all) {
        Document document = software.document();
        List<Desired> committed = all.stream()
                .filter(one -> one.digest().equals(document.desired().get(one.topic())))
                .toList();
        List<Desired> running = running(document, committed);
        List<Desired> staying = licenses.aim(running).of(running);
        Set<String> digests = digests(staying);
        List<Part> parts = document.parts().stream()
                .filter(part -> digests.contains(part.sha256()))
                .toList();
        if (parts.size() == document.parts().size()) {
            return Optional.empty();
        }
        Set<String> topics = new HashSet<>();
        committed.stream().filter(one -> Wish.isConfiguration(one.topic())).forEach(one -> topics.add(one.topic()));
        staying.forEach(one -> topics.add(one.topic()));
        Map<String, String> desired = new LinkedHashMap<>();
        document.desired().forEach((topic, digest) -> desired.put(topic, topics.contains(topic) ? digest : NO_PAYLOAD));
        return Optional.of(new Document(parts, document.configurations(), desired));
    }

    /** The features that run, with the bundles that do; of a bundle whose feature is not known any more a feature of its own. */
    private static List<Desired> running(Document document, List<Desired> committed) {
        Set<String> parts = document.parts().stream().map(Part::sha256).collect(Collectors.toSet());
        List<Desired> running = new ArrayList<>();
        for (Desired one : committed) {
            feature(one).ifPresent(feature -> running.add(with(one, feature.id(), bundles(feature, parts))));
        }
        Set<String> known = digests(running);
        for (Part part : document.parts()) {
            if (!known.contains(part.sha256())) {
                running.add(alone(part));
            }
        }
        return running;
    }

    private static Optional<Feature> feature(Desired one) {
        try {
            return Wish.isConfiguration(one.topic())
                    ? Optional.empty()
                    : Optional.of(Feature.read(Documents.spec(one)));
        } catch (BadArgument e) { // its bundles are then as those of a feature that is not known any more
            LOG.log(System.Logger.Level.DEBUG, "what is committed is no feature: " + one.topic(), e);
            return Optional.empty();
        }
    }

    private static List<Feature.Bundle> bundles(Feature feature, Set<String> parts) {
        return feature.bundles().stream()
                .filter(bundle -> parts.contains(bundle.artifact().sha256().hex()))
                .toList();
    }

    private static Desired with(Desired one, String id, List<Feature.Bundle> bundles) {
        Map<String, Object> spec = new Feature(id, bundles, Map.of()).write();
        return new Desired(one.topic(), one.breadth(), one.name(), spec, one.digest(), one.signature());
    }

    private static Desired alone(Part part) {
        Artifact artifact = new Artifact(new Sha256(part.sha256()), part.size(), Optional.empty());
        String id = "running:" + part.symbolicName() + ":" + part.version();
        Map<String, Object> spec = new Feature(id, List.of(new Feature.Bundle(part.id(), artifact)), Map.of()).write();
        return new Desired(id, Integer.MAX_VALUE, Optional.empty(), spec, part.sha256(), Optional.empty());
    }

    private static Set<String> digests(List<Desired> features) {
        return features.stream()
                .flatMap(one -> feature(one).stream())
                .flatMap(feature -> feature.bundles().stream())
                .map(bundle -> bundle.artifact().sha256().hex())
                .collect(Collectors.toSet());
    }
}
