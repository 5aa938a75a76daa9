package io.gatehouse.tasks.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.program.Program;
import io.gatehouse.tasks.Asked;
import io.gatehouse.tasks.FolderArtifacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FilePutTest {
    @TempDir
    Path folder;

    private Path open;
    private Path closed;
    private FolderArtifacts artifacts;
    private Artifact artifact;

    @BeforeEach
    void lays() throws IOException {
        open = Files.createDirectory(folder.resolve("open"));
        closed = Files.createDirectory(folder.resolve("closed"));
        artifacts = new FolderArtifacts(folder.resolve("artifacts"), 1 << 20);
        artifact = artifacts.offer("hello".getBytes());
    }

    @AfterEach
    void leavesNothingHeldOrBeside() throws IOException {
        assertTrue(artifacts.held().isEmpty());
        try (var files = Files.walk(open)) {
            assertEquals(
                    List.of(),
                    files.filter(file -> file.toString().endsWith(".part")).toList());
        }
    }

    @Test
    void writesAFileAndSaysHowFarItIs() throws Exception {
        Asked asked = asked(open.resolve("new"), Map.of());
        assertEquals(
                Outcome.done(Map.of("path", open.resolve("new").toString(), "size", 5L, "replaced", false)),
                put().handle(asked));
        assertEquals("hello", Files.readString(open.resolve("new")));
        assertEquals("rw-r--r--", mode(open.resolve("new")));
        assertEquals(List.of(0.36, 0.9), asked.ratios());
    }

    @Test
    void replacesAFileAndKeepsItsModeAndOwner() throws Exception {
        Path file = Files.writeString(open.resolve("old"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Assumptions.assumeTrue(
                Program.find("chown")
                        .orElseThrow()
                        .with("1234:2345", file.toString())
                        .run()
                        .isWell(),
                "only root gives files away");
        Outcome.Done done = (Outcome.Done) put().handle(asked(file, Map.of()));
        assertEquals(true, done.result().get("replaced"));
        assertEquals("hello", Files.readString(file));
        assertEquals("rw-------", mode(file));
        assertEquals(1234, Files.getAttribute(file, "unix:uid"));
        assertEquals(2345, Files.getAttribute(file, "unix:gid"));
    }

    @Test
    void givesItTheModeThatIsAskedFor() throws Exception {
        Path file = Files.writeString(open.resolve("old"), "old");
        assertTrue(put().handle(asked(file, Map.of("mode", "0751"))) instanceof Outcome.Done);
        assertEquals("rwxr-x--x", mode(file));
    }

    @Test
    void isLedOutByNoLink() throws Exception {
        Path parent = Files.createSymbolicLink(open.resolve("parent"), closed);
        Path victim = Files.writeString(closed.resolve("victim"), "old");
        Path link = Files.createSymbolicLink(open.resolve("link"), victim);
        assertRefused("not-permitted", put().handle(asked(parent.resolve("victim"), Map.of())));
        assertRefused("not-permitted", put().handle(asked(victim, Map.of())));
        assertRefused("not-a-file", put().handle(asked(link, Map.of())));
        assertRefused("not-permitted", put().handle(asked(closed.resolve("missing/x"), Map.of())));
        assertEquals("old", Files.readString(victim));
        assertTrue(Files.isSymbolicLink(link));
    }

    @Test
    void goesByTheFolderThatItOpenedWhereAPathIsChangedMeanwhile() throws Exception {
        Path inner = Files.createDirectory(open.resolve("inner"));
        try (Place place =
                Place.open(Permission.of("writeFolders", open.toString()), inner.toRealPath(), Path.of("x"))) {
            Files.move(inner, open.resolve("moved"));
            Files.createSymbolicLink(inner, closed);
            new Replacement(place, place.attributes(), PosixFilePermissions.fromString("rw-r--r--"))
                    .with(artifacts.find(artifact.sha256()).orElseThrow());
        }
        assertFalse(Files.exists(closed.resolve("x")));
        assertEquals("hello", Files.readString(open.resolve("moved/x")));
    }

    @Test
    void walksOverNoLinkThatCameMeanwhile() throws Exception {
        Path inner = Files.createDirectory(open.resolve("inner"));
        Path real = inner.toRealPath();
        Files.delete(inner);
        Files.createSymbolicLink(inner, closed);
        assertThrows(
                IOException.class,
                () -> Place.open(Permission.of("writeFolders", open.toRealPath().toString()), real, Path.of("x")));
    }

    @Test
    void replacesRegularFilesAlone() throws Exception {
        Path pipe = open.resolve("pipe");
        assertTrue(
                Program.find("mkfifo").orElseThrow().with(pipe.toString()).run().isWell());
        assertRefused("not-a-file", put().handle(asked(pipe, Map.of())));
        Path inner = Files.createDirectory(open.resolve("inner"));
        assertRefused("not-a-file", put().handle(asked(inner, Map.of())));
        assertTrue(Files.isDirectory(inner, LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void makesNoFolders() throws Exception {
        assertRefused("no-such-file", put().handle(asked(open.resolve("missing/x"), Map.of())));
    }

    @Test
    void refusesWhatIsTooLargeAndWhatIsNotPermittedBeforeItFetches() throws Exception {
        FilePut small = new FilePut(Permission.of("writeFolders", open.toString()), 4, artifacts);
        assertRefused("too-large", small.handle(asked(open.resolve("x"), Map.of())));
        FilePut none = new FilePut(Permission.of("writeFolders"), 100, artifacts);
        Asked asked = asked(open.resolve("x"), Map.of());
        assertRefused("not-permitted", none.handle(asked));
        assertEquals(List.of(), asked.ratios());
    }

    @Test
    void believesNoSize() throws Exception {
        Outcome.Failed failed = (Outcome.Failed) put().handle(asked(open.resolve("x"), Map.of("size", 4)));
        assertEquals("wrong-size", failed.problem().type());
        assertFalse(Files.exists(open.resolve("x")));
    }

    @Test
    void saysWhyBytesCannotBeHad() throws Exception {
        Outcome.Failed failed =
                (Outcome.Failed) put().handle(asked(open.resolve("x"), Map.of("sha256", "0".repeat(64))));
        assertEquals("unreachable", failed.problem().type());
        assertFalse(Files.exists(open.resolve("x")));
    }

    @Test
    void leavesTheOldFileWhereTheNewOneCannotBeWritten() throws Exception {
        Path old = Files.writeString(open.resolve("old"), "old");
        try (Place place =
                Place.open(Permission.of("writeFolders", open.toString()), open.toRealPath(), Path.of("old"))) {
            assertThrows(IOException.class, () -> new Replacement(
                            place, place.attributes(), PosixFilePermissions.fromString("rw-r--r--"))
                    .with(folder.resolve("missing")));
        }
        assertEquals("old", Files.readString(old));
    }

    @ParameterizedTest
    @CsvSource({
        "mode, 644",
        "mode, 4755",
        "mode, 0844",
        "mode, rw-r--r--",
        "url, ftp://x/y",
        "url, file:///etc/passwd",
        "url, not a url",
        "sha256, abc",
        "path, relative"
    })
    void namesAnArgumentThatWillNotDo(String name, String value) {
        BadArgument e =
                assertThrows(BadArgument.class, () -> put().handle(asked(open.resolve("x"), Map.of(name, value))));
        assertTrue(e.getMessage().startsWith(name + " must be "), e.getMessage());
    }

    private FilePut put() {
        return new FilePut(Permission.of("writeFolders", open.toString()), 16 << 20, artifacts);
    }

    private Asked asked(Path path, Map<String, ?> more) {
        Map<String, Object> arguments = new HashMap<>();
        arguments.put("path", path.toString());
        arguments.put("sha256", artifact.sha256().hex());
        arguments.put("size", artifact.size());
        arguments.putAll(more);
        return Asked.with(arguments);
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static void assertRefused(String type, Outcome outcome) {
        assertTrue(outcome instanceof Outcome.Refused, outcome.toString());
        assertEquals(type, ((Outcome.Refused) outcome).problem().type());
    }
}
