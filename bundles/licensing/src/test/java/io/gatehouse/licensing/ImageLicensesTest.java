package io.gatehouse.licensing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.license.Term;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On files as they lie in an image. */
final class ImageLicensesTest {
    @TempDir
    Path folder;

    @Test
    void oneThatCannotBeReadTakesNoOtherWithIt() throws Exception {
        Files.createDirectories(folder.resolve("a.jwt"));
        Files.createSymbolicLink(folder.resolve("b.jwt"), folder.resolve("nowhere"));
        Files.writeString(folder.resolve("rain.jwt"), "x.y.z\n");
        assertEquals(Map.of("rain", "x.y.z"), ImageLicenses.in(folder));
    }

    @Test
    void passesOverNamesThatNoDocumentCouldHave() throws Exception {
        for (String name : Set.of("-rain.jwt", "ra in.jwt", ".jwt", "rain.jwt~", "rain.txt", "rain.jwt")) {
            Files.writeString(folder.resolve(name), "x.y.z");
        }
        assertEquals(Set.of("rain"), ImageLicenses.in(folder).keySet());
    }

    @Test
    void whatIsFarTooLongIsRefusedAndNotReadToItsEnd() throws Exception {
        Files.createDirectories(folder.resolve("licenses"));
        try (Bench bench = new Bench(folder)) {
            Files.writeString(folder.resolve("licenses/big.jwt"), "x".repeat(10 * License.TYPE.longest()));
            Files.writeString(folder.resolve("licenses/rain.jwt"), bench.token("1", 1, Term.PERPETUAL));
            bench.restart();
            assertEquals("refused malformed", bench.reported("big"));
            assertTrue(bench.isGranted());
        }
        assertTrue(ImageLicenses.in(folder.resolve("licenses")).get("big").length() < 3 * License.TYPE.longest());
    }

    @Test
    void aFileWhereTheFolderShouldBeIsNone() throws Exception {
        Path file = Files.writeString(folder.resolve("licenses"), "");
        assertEquals(Map.of(), ImageLicenses.in(file));
        assertEquals(Map.of(), ImageLicenses.in(folder.resolve("nowhere")));
    }
}
