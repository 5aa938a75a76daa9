package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Members;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the image brings is replaced in a running gateway, one after the other, by what goes through it. */
final class EveryBundleReplacedTest {
    @TempDir
    Path folder;

    @BeforeAll
    static void mosquitto() {
        Mosquitto.assumeInstalled();
    }

    @Test
    void eachShippedBundleIsReplacedAndNothingIsLost() throws IOException {
        List<String> table = new ArrayList<>();
        try (BusyGateway busy = BusyGateway.start(folder, "dwr/311-a1/every", Map.of());
                CommandStream commands = busy.commands()) {
            List<Path> shipped = jars("bundles");
            assertTrue(shipped.size() > 15, () -> shipped.toString());
            for (Path bundle : shipped) {
                String name = name(bundle);
                Path next = busy.bundles().repacked(bundle, Bundles.raised(bundle, 1), Map.of());
                long began = System.nanoTime();
                Members report = busy.desire(name, busy.operator().feature("com.acme:" + name + ":1", next));
                assertEquals(
                        "applied",
                        report.string("state"),
                        () -> report.values() + "\n" + busy.gateway().log());
                assertEquals(Bundles.raised(bundle, 1), BusyGateway.version(report, name));
                busy.assertGoesOn();
                table.add("| `%s` | %d | %d | %d |"
                        .formatted(
                                name,
                                report.strings("restarted").size(),
                                BusyGateway.milliseconds(report),
                                busy.ledger().longestSilence(began)));
                System.out.println(table.get(table.size() - 1));
            }
            commands.end();
            busy.assertNothingLostNothingTwice();
            busy.assertNeverOffline();
            Map<String, Integer> ends = busy.assertEachCommandOnce(commands);
            assertEquals(1, busy.ledger().boots().size(), "it was the same process all the time");
            System.out.println("| bundle replaced | restarted with it | change took, ms | nothing came for, ms |");
            System.out.println("|---|---|---|---|");
            table.forEach(System.out::println);
            System.out.println(
                    shipped.size() + " bundles replaced: of " + busy.ledger().size()
                            + " observations 0 lost, 0 twice; commands " + ends + ", each once; no offline");
        }
    }

    @Test
    void whatCarriesTheBundlesIsRefusedWithAWordOfTheRuntimeSlot() throws IOException {
        try (BusyGateway busy = BusyGateway.start(folder, "dwr/311-a1/carriers", Map.of())) {
            List<String> names = new ArrayList<>();
            for (Path library : jars("lib")) {
                String name = name(library);
                if (name.isEmpty()) {
                    continue; // the launcher itself, which is no bundle and refused for that
                }
                Path next = busy.bundles().repacked(library, "99.0.0", Map.of());
                Members report = busy.desire("carrier", busy.operator().feature("com.acme:" + name + ":99", next));
                assertEquals(
                        "refused", report.string("state"), () -> report.values().toString());
                Members problem = report.object("problem");
                assertEquals("part-of-the-runtime", problem.string("type"), () -> name + ": " + problem.values());
                assertTrue(problem.string("detail").contains("runtime slot"), () -> problem.values()
                        .toString());
                names.add(name);
            }
            assertTrue(names.contains("org.apache.felix.framework"), () -> names.toString());
            busy.assertGoesOn();
            busy.assertNothingLostNothingTwice();
            System.out.println(
                    "not replaced in place but as a runtime slot: the launcher, Java, " + String.join(", ", names));
        }
    }

    private static List<Path> jars(String within) throws IOException {
        try (Stream<Path> files = Files.list(GatewayProcess.home().resolve(within))) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }

    private static String name(Path bundle) {
        try (JarFile jar = new JarFile(bundle.toFile())) {
            String name = jar.getManifest().getMainAttributes().getValue("Bundle-SymbolicName");
            return name == null ? "" : name.split(";", 2)[0];
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + bundle, e);
        }
    }
}
