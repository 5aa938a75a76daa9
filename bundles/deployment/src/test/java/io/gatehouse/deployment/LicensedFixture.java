package io.gatehouse.deployment;

import static org.awaitility.Awaitility.await;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.protocol.Feature;
import io.gatehouse.protocol.Json;
import io.gatehouse.software.Document;
import io.gatehouse.software.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;

/** A feature whose bundle needs a license, and one that needs none; in a real framework with real conditions. */
abstract class LicensedFixture extends ReconcilerFixture {
    static final String LICENSE = "com.acme.rain";

    Path rain;
    Path lib;
    Desired rainy;
    Desired plain;

    @BeforeEach
    void serve() throws IOException {
        rain = licensed("com.acme.rain", "1.0.0", LICENSE);
        lib = fleet.served("acme.lib", "1.0.0");
        rainy = wanted("rain", TestJars.feature("acme:rain:1", rain));
        plain = wanted("plain", TestJars.feature("acme:plain:1", lib));
    }

    void granted() {
        fleet.licensing.begin(LICENSE);
        reconciler.desired(List.of(rainy, plain));
        commit(1);
        await().until(() -> fleet.outbox.lastState().equals("applied"));
    }

    void restart() {
        fleet.powerCut();
        fleet.outbox.reports.clear();
        reconciler = fleet.start();
    }

    /** Waits for so many changes, and commits the last. */
    void commit(int changes) {
        await().until(() -> fleet.software.changes.size() == changes);
        reconciler.ended(fleet.software.commit());
    }

    List<String> running() {
        return fleet.software.document.parts().stream()
                .map(Part::symbolicName)
                .sorted()
                .toList();
    }

    Part part(String symbolicName) {
        return fleet.software.document.parts().stream()
                .filter(part -> part.symbolicName().equals(symbolicName))
                .findFirst()
                .orElseThrow();
    }

    Set<String> touched(Document target) {
        fleet.software.restarted = List.of("acme.neighbour");
        return fleet.software.plan(target).touched();
    }

    Path licensed(String symbolicName, String version, String... licenses) throws IOException {
        return fleet.served(symbolicName, version, "Require-Capability", requirements(licenses));
    }

    static String requirements(String... licenses) {
        List<String> requirements = new ArrayList<>();
        for (String license : licenses) {
            requirements.add(
                    "io.gatehouse.license;filter:=\"(io.gatehouse.license=" + license + ")\";effective:=active");
        }
        return String.join(",", requirements);
    }

    Map<String, ?> plan(Feature feature) throws InterruptedException {
        Outcome outcome = fleet.rehearsal().plan(feature.write(), Optional.of(Fleet.SIGNATURE), (step, progress) -> {});
        return Json.read(Json.write(((Outcome.Done) outcome).result())).values();
    }

    static Desired wanted(String name, Feature feature) {
        return new Desired(
                "dwr/x/1/desired/feature/" + name,
                3,
                Optional.of(name),
                feature.write(),
                Sha256.of(Json.write(feature.write())).hex(),
                Optional.of(Fleet.SIGNATURE));
    }

    /** What the last report says is left out, in whatever order. */
    Set<?> unlicensed() {
        return fleet.outbox.last().get("unlicensed") instanceof List<?> all ? Set.copyOf(all) : Set.of();
    }

    /** As {@link #leftOut(Desired, String)}, of one that needs what another feature brings. */
    static Map<String, Object> leftOut(Desired feature, String bundle, String through) {
        Map<String, Object> members = new HashMap<>(leftOut(feature, bundle));
        members.put("through", through);
        return members;
    }

    static Map<String, Object> leftOut(Desired feature, String bundle) {
        String id = feature.spec() instanceof Map<?, ?> spec && spec.get("id") != null
                ? String.valueOf(spec.get("id"))
                : "acme:rain:1";
        return Map.of("feature", id, "topic", feature.topic(), "bundle", bundle, "license", LICENSE);
    }
}
