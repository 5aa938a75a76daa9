package io.gatehouse.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatehouse.launcher.activators.Speaking;
import io.gatehouse.software.Part;
import io.gatehouse.software.Proof;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Hashtable;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.ServiceRegistration;

/** A gateway with three bundles of its image, to be changed. */
abstract class ChangingGateway {
    static final Duration SHORT = Duration.ofMillis(1800);

    @TempDir
    private Path folder;

    Home home;
    RunningGateway gateway;

    @BeforeEach
    void start() throws Exception {
        home = Home.in(
                folder,
                speaking("image", "1.0.0", "image"),
                Jar.bundle("library", "1.0.0")
                        .header("Export-Package", "lib;version=1.0")
                        .entry("lib/x", "1"),
                speaking("user", "1.0.0", "user").header("Import-Package", "org.osgi.framework,lib"));
        gateway = RunningGateway.start(home.settings());
        await().untilAsserted(() -> assertEquals("image=image user=user", gateway.words()));
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    static Jar speaking(String name, String version, String word) {
        return Jar.bundle(name, version).activator(Speaking.class).word(word);
    }

    Part artifact(String name, String version, String word) throws Exception {
        return speaking(name, version, word).artifact(home.state());
    }

    Optional<Committed> committed() throws Exception {
        gateway.close();
        try (StateFolder state = await().ignoreExceptions().until(() -> StateFolder.open(home.state()), any -> true)) {
            return state.current();
        }
    }

    ServiceRegistration<Proof> proof(String name, Proof proof) {
        return gateway.context().registerService(Proof.class, proof, new Hashtable<>(Map.of("gatehouse.proof", name)));
    }
}
