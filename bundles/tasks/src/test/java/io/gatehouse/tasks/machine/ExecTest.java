package io.gatehouse.tasks.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.tasks.FolderArtifacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExecTest {
    @TempDir
    Path folder;

    private FolderArtifacts artifacts;

    @BeforeEach
    void opens() throws IOException {
        artifacts = new FolderArtifacts(folder.resolve("artifacts"), 1 << 20);
    }

    @Test
    void runsWhatIsPermittedAndTellsWhatItSaid() throws Exception {
        Noted asked = Noted.with(Map.of("command", List.of("/bin/sh", "-c", "echo hällo; echo why >&2; exit 3")));
        Outcome.Done done = (Outcome.Done) exec("/bin/sh *").handle(asked);
        assertEquals(3, done.result().get("code"));
        assertEquals("hällo\nwhy\n", done.result().get("output"));
        assertTrue((double) done.result().get("seconds") < 10);
        assertFalse(done.result().containsKey("truncated"));
        assertFalse(done.result().containsKey("artifact"));
        assertEquals("hällo\nwhy\n", String.join("", asked.notes()));
    }

    @ParameterizedTest
    @CsvSource({
        "/bin/echo, /bin/echo, true",
        "/bin/echo, /bin/echo a, false",
        "/bin/echo a, /bin/echo a, true",
        "/bin/echo a, /bin/echo, false",
        "/bin/echo a, /bin/echo b, false",
        "/bin/echo *, /bin/echo, true",
        "/bin/echo *, /bin/echo a b, true",
        "/bin/echo a *, /bin/echo a b, true",
        "/bin/echo a *, /bin/echo b a, false",
        "/bin/echo * b, /bin/echo x b, false",
        "/bin/*, /bin/echo, false",
        "*, /bin/echo, false",
        "echo *, /bin/echo, false",
        "'', /bin/echo, false"
    })
    void matchesWords(String line, String command, boolean isPermitted) throws Exception {
        Outcome outcome = exec(line).handle(Noted.with(Map.of("command", List.of(command.split(" ")))));
        assertEquals(isPermitted, outcome instanceof Outcome.Done, outcome.toString());
        if (outcome instanceof Outcome.Refused refused) {
            assertEquals("not-permitted", refused.problem().type());
            assertEquals(
                    command + " may not be run by command; configuration io.gatehouse.tasks: commands",
                    refused.problem().detail());
        }
    }

    @Test
    void takesNoWordForTwo() throws Exception {
        Outcome outcome = exec("/bin/echo a b").handle(Noted.with(Map.of("command", List.of("/bin/echo", "a b"))));
        assertTrue(outcome instanceof Outcome.Refused, outcome.toString());
    }

    @Test
    void permitsNothingUnlessItIsSet() throws Exception {
        assertTrue(exec().handle(Noted.with(Map.of("command", List.of("/bin/true")))) instanceof Outcome.Refused);
    }

    @Test
    void passesNothingToAShell() throws Exception {
        Outcome.Done done = (Outcome.Done) exec("/bin/echo *")
                .handle(Noted.with(Map.of("command", List.of("/bin/echo", "$(reboot)", ";", "reboot", "*"))));
        assertEquals("$(reboot) ; reboot *\n", done.result().get("output"));
    }

    @Test
    void losesNoneOfManySmallNotesAndSendsThemSlowly() throws Exception {
        String script = "i=0; while [ $i -lt 60 ]; do printf 'é%d ' $i; i=$((i+1)); sleep 0.02; done";
        Noted asked = Noted.with(Map.of("command", List.of("/bin/sh", "-c", script)));
        Outcome.Done done = (Outcome.Done) exec("/bin/sh *").handle(asked);
        assertEquals(done.result().get("output"), String.join("", asked.notes()));
        assertTrue(asked.notes().size() > 2, asked.notes().toString());
        for (int at = 1; at < asked.times().size(); at++) {
            assertTrue(asked.times().get(at) - asked.times().get(at - 1) >= 200_000_000L, "note " + at + " is early");
        }
    }

    @Test
    void tellsWhatWasSaidThoughNothingFollows() throws Exception {
        Path told = folder.resolve("told");
        String script = "printf 1; sleep 0.05; printf 2; until [ -e " + told + " ]; do sleep 0.01; done";
        Noted asked = Noted.with(Map.of("command", List.of("/bin/sh", "-c", script)));
        Thread watcher = new Thread(() -> {
            while (!String.join("", asked.notes()).equals("12")) {
                Thread.onSpinWait();
            }
            try {
                Files.writeString(told, "x");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        watcher.setDaemon(true);
        watcher.start();
        Outcome.Done done = (Outcome.Done) exec("/bin/sh *").handle(asked);
        assertEquals("12", done.result().get("output"));
    }

    @Test
    void replacesWhatIsNoText() throws Exception {
        String script = "printf 'a\\000b\\033[1mc\\377\\303'";
        Noted asked = Noted.with(Map.of("command", List.of("/bin/sh", "-c", script)));
        Outcome.Done done = (Outcome.Done) exec("/bin/sh *").handle(asked);
        assertEquals("a\ufffdb\ufffd[1mc\ufffd\ufffd", done.result().get("output"));
    }

    @Test
    void keepsTheWholeOfALongOutputAsAnArtifact() throws Exception {
        Noted asked = Noted.with(Map.of("command", List.of("/usr/bin/seq", "1", "100000")));
        Outcome.Done done = (Outcome.Done) exec("/usr/bin/seq *").handle(asked);
        String output = (String) done.result().get("output");
        assertEquals(64 << 10, output.length());
        assertEquals(588_895L - (64 << 10), done.result().get("truncated"));
        Map<?, ?> artifact = (Map<?, ?>) done.result().get("artifact");
        assertEquals(588_895L, artifact.get("size"));
        Path file = artifacts.find(new Sha256((String) artifact.get("sha256"))).orElseThrow();
        String whole = Files.readString(file);
        assertTrue(whole.startsWith(output));
        assertTrue(whole.endsWith("\n100000\n"));
        assertEquals(output, String.join("", asked.notes()));
        assertEquals(0, artifacts.drafts());
    }

    @Test
    void keepsNoMoreThanThereIsRoomFor() throws Exception {
        Noted asked = Noted.with(Map.of("command", List.of("/usr/bin/head", "-c", "3000000", "/dev/zero")));
        Outcome.Done done = (Outcome.Done) exec("/usr/bin/head *").handle(asked);
        assertEquals(3_000_000L - (64 << 10), done.result().get("truncated"));
        assertEquals(1L << 20, ((Map<?, ?>) done.result().get("artifact")).get("size"));
    }

    @Test
    void letsAProgramRunOnThatFillsTheDiskWithWhatItSays() throws Exception {
        Path disk = Files.createDirectories(folder.resolve("disk"));
        Outcome mounted = exec("/bin/mount *")
                .handle(Noted.with(Map.of(
                        "command", List.of("/bin/mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk.toString()))));
        assumeTrue(
                mounted instanceof Outcome.Done done
                        && done.result().get("code").equals(0),
                () -> "mounting a small disk is for root: " + mounted);
        try {
            FolderArtifacts small = new FolderArtifacts(disk.resolve("artifacts"), 1 << 20);
            for (String first : List.of("", "/bin/head -c 200000 /dev/zero > " + disk.resolve("full") + ";")) {
                String script = first + " /usr/bin/seq 1 100000; echo ended > " + folder.resolve("end");
                Noted asked = Noted.with(Map.of("command", List.of("/bin/sh", "-c", script)));
                Outcome.Done done =
                        (Outcome.Done) new Exec(new Permitted(new String[] {"/bin/sh *"}), small).handle(asked);
                assertEquals(0, done.result().get("code"));
                assertEquals("ended\n", Files.readString(folder.resolve("end")), "it ran to its end");
                Files.delete(folder.resolve("end"));
                assertEquals(588_895L - (64 << 10), done.result().get("truncated"));
                assertFalse(done.result().containsKey("artifact"));
                assertEquals("No space left on device", done.result().get("notKept"));
                assertEquals(0, small.drafts());
            }
        } finally {
            exec("/bin/umount *").handle(Noted.with(Map.of("command", List.of("/bin/umount", disk.toString()))));
        }
    }

    @Test
    void endsWhatTakesTooLong() throws Exception {
        Noted asked = Noted.with(Map.of("command", List.of("/bin/sh", "-c", "echo x; sleep 600"), "timeout", 1));
        Outcome.Failed failed = (Outcome.Failed) exec("/bin/sh *").handle(asked);
        assertEquals("timed-out", failed.problem().type());
        assertTrue(failed.problem().detail().startsWith("/bin/sh did not end within 1 s and was ended; it said: x"));
    }

    @Test
    void namesWhatCannotBeRun() {
        Noted asked = Noted.with(Map.of("command", List.of("/nowhere/program")));
        IOException e =
                assertThrows(IOException.class, () -> exec("/nowhere/program").handle(asked));
        assertTrue(e.getMessage().contains("/nowhere/program"), e.getMessage());
    }

    @Test
    void refusesWhatIsNoCommandLine() {
        for (Object command : List.of(List.of(), List.of("uptime"), List.of("/bin/echo", "\0"), List.of(1), "x")) {
            assertThrows(BadArgument.class, () -> exec("/bin/echo *").handle(Noted.with(Map.of("command", command))));
        }
        assertThrows(BadArgument.class, () -> exec("/bin/echo *")
                .handle(Noted.with(Map.of("command", List.of("/bin/echo"), "timeout", "PT2H"))));
        assertNull(Noted.with(Map.of()).arguments().values().get("command"));
        assertThrows(BadArgument.class, () -> exec("/bin/echo *").handle(Noted.with(Map.of())));
    }

    private Exec exec(String... permitted) {
        return new Exec(new Permitted(permitted), artifacts);
    }
}
