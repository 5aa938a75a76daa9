package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Members;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Version;

/** The last release's example, as it was compiled then, in the gateway as it is now. */
final class LastReleaseTest {
    private static final Path RELEASES = Path.of("../../cnf/releases");
    private static final String DEVICE = "dwr/311-a1/last-release";

    @TempDir
    Path folder;

    @Test
    void exampleOfTheLastReleaseRunsWithoutBeingBuiltAgain() throws IOException {
        Path example = last().resolve("com.example.hello.jar");
        try (Artemis broker = new Artemis(Files.createDirectories(folder.resolve("broker")))) {
            broker.start();
            try (GatewayProcess gateway = GatewayProcess.start(broker.uri(), DEVICE, folder.resolve("state"));
                    Operator operator = Operator.at(broker.uri())) {
                String digest = operator.desire(DEVICE, "hello", operator.feature("com.example:hello:1", example));
                Members report = operator.ended(DEVICE, DEVICE + "/desired/feature/hello", digest);
                assertEquals("applied", report.string("state"), () -> report.values() + gateway.log());
                Members reading = operator.await(
                                "its reading", message -> message.topic().equals(DEVICE + "/example/uptime"))
                        .body();
                assertTrue(
                        reading.value("seconds").orElse(0) instanceof Number seconds && seconds.doubleValue() > 0,
                        () -> reading.values().toString());
            }
        }
    }

    private static Path last() throws IOException {
        try (Stream<Path> folders = Files.list(RELEASES)) {
            return folders.filter(Files::isDirectory)
                    .max(Comparator.comparing(
                            folder -> Version.parseVersion(folder.getFileName().toString())))
                    .orElseThrow(() -> new AssertionError("no release in " + RELEASES));
        }
    }
}
