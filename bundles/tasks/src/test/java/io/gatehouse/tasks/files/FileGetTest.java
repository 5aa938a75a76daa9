package io.gatehouse.tasks.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.program.Program;
import io.gatehouse.tasks.Asked;
import io.gatehouse.tasks.FolderArtifacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FileGetTest {
    @TempDir
    Path folder;

    private Path open;
    private Path secret;
    private FolderArtifacts artifacts;

    @BeforeEach
    void lays() throws IOException {
        open = Files.createDirectory(folder.resolve("open"));
        secret = Files.writeString(
                Files.createDirectory(folder.resolve("closed")).resolve("secret"), "secret");
        artifacts = new FolderArtifacts(folder.resolve("artifacts"), 1 << 20);
    }

    @Test
    void makesAnArtifactOfAFile() throws Exception {
        Path file =
                Files.writeString(Files.createDirectories(open.resolve("a/b")).resolve("log"), "hello");
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-02-03T04:05:06Z")));
        Sha256 sha256 = Sha256.of("hello".getBytes());
        assertEquals(
                Outcome.done(Map.of(
                        "path",
                        file.toString(),
                        "artifact",
                        Map.of("sha256", sha256.hex(), "size", 5L),
                        "modified",
                        "2026-02-03T04:05:06.000Z")),
                get(file));
        assertEquals("hello", Files.readString(artifacts.find(sha256).orElseThrow()));
        assertEquals(0, artifacts.drafts());
    }

    @Test
    void readsWhatTheKernelSaysHasNoSize() throws Exception {
        FileGet get = new FileGet(Permission.of("readFolders", "/proc/sys/kernel"), 1 << 20, artifacts);
        Outcome.Done done = (Outcome.Done) get.handle(Asked.with(Map.of("path", "/proc/sys/kernel/ostype")));
        assertEquals(6L, ((Map<?, ?>) done.result().get("artifact")).get("size"));
    }

    @Test
    void followsLinksThatStayWithin() throws Exception {
        Files.writeString(open.resolve("log.1"), "hello");
        Path link = Files.createSymbolicLink(open.resolve("log"), Path.of("log.1"));
        Path outside = Files.createSymbolicLink(folder.resolve("outside"), open);
        assertTrue(get(link) instanceof Outcome.Done);
        assertTrue(get(outside.resolve("log")) instanceof Outcome.Done);
    }

    @Test
    void isPermittedByALinkToAFolderToo() throws Exception {
        Path file = Files.writeString(open.resolve("log"), "hello");
        Path link = Files.createSymbolicLink(folder.resolve("link"), open);
        FileGet get = new FileGet(Permission.of("readFolders", "/nowhere", link.toString()), 100, artifacts);
        assertTrue(get.handle(Asked.with(Map.of("path", file.toString()))) instanceof Outcome.Done);
    }

    @Test
    void isLedOutByNoLink() throws Exception {
        Path file = Files.createSymbolicLink(open.resolve("file"), secret);
        Path parent = Files.createSymbolicLink(open.resolve("parent"), secret.getParent());
        assertRefused("not-permitted", get(file));
        assertRefused("not-permitted", get(parent.resolve("secret")));
        assertRefused("not-permitted", get(secret));
        Files.createDirectory(folder.resolve("open-too"));
        assertRefused("not-permitted", get(Files.writeString(folder.resolve("open-too/x"), "x")));
    }

    @Test
    void saysOfNothingOutsideWhetherItIsThere() throws Exception {
        Outcome there = get(secret);
        Outcome missing = get(secret.resolveSibling("missing"));
        assertRefused("not-permitted", missing);
        assertEquals(
                ((Outcome.Refused) there).problem().detail().replace("secret", "missing"),
                ((Outcome.Refused) missing).problem().detail());
        assertRefused("no-such-file", get(open.resolve("missing")));
        assertRefused(
                "no-such-file", get(Files.writeString(open.resolve("x"), "x").resolve("y")));
    }

    @Test
    void readsRegularFilesAlone() throws Exception {
        Path pipe = open.resolve("pipe");
        assertTrue(
                Program.find("mkfifo").orElseThrow().with(pipe.toString()).run().isWell());
        assertRefused("not-a-file", get(pipe));
        assertRefused("not-a-file", get(Files.createDirectory(open.resolve("folder"))));
        FileGet dev = new FileGet(Permission.of("readFolders", "/dev"), 100, artifacts);
        assertRefused("not-a-file", dev.handle(Asked.with(Map.of("path", "/dev/zero"))));
    }

    @Test
    void takesNoMoreThanIsPermitted() throws Exception {
        Path file = Files.write(open.resolve("large"), new byte[101]);
        FileGet get = new FileGet(Permission.of("readFolders", open.toString()), 100, artifacts);
        assertRefused("too-large", get.handle(Asked.with(Map.of("path", file.toString()))));
        assertRefused("too-large", get(Files.write(open.resolve("huge"), new byte[(1 << 20) + 1])));
        assertEquals(0, artifacts.drafts());
    }

    @Test
    void readsNothingUnlessItIsSet() throws Exception {
        FileGet get = new FileGet(Permission.of("readFolders"), 100, artifacts);
        Outcome.Refused refused = (Outcome.Refused) get.handle(Asked.with(Map.of("path", "/etc/passwd")));
        assertEquals(
                "/etc/passwd lies in no folder that is permitted; configuration io.gatehouse.tasks: readFolders",
                refused.problem().detail());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "relative", "/a/../b", "/a/./b", "/a/", "/a\0b"})
    void refusesWhatIsNoPath(String path) {
        assertThrows(BadArgument.class, () -> get(path));
    }

    private Outcome get(Object path) throws IOException, InterruptedException {
        return new FileGet(Permission.of("readFolders", open.toString()), 16 << 20, artifacts)
                .handle(Asked.with(Map.of("path", path.toString())));
    }

    private static void assertRefused(String type, Outcome outcome) {
        assertTrue(outcome instanceof Outcome.Refused, outcome.toString());
        assertEquals(type, ((Outcome.Refused) outcome).problem().type());
    }
}
