package io.gatehouse.program;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProgramTest {
    @TempDir
    Path folder;

    @Test
    void findsAProgramOnThePathOrWhereAdministratorsHaveTheirs() throws Exception {
        Path mine = Files.writeString(folder.resolve("mine"), "#!/bin/sh\n");
        assertTrue(Program.find("mine", folder.toString()).isEmpty(), "it is no program yet");
        assertTrue(mine.toFile().setExecutable(true));
        assertEquals(
                List.of(mine.toString()),
                Program.find("mine", "/nowhere:" + folder).orElseThrow().command());
        assertTrue(Program.find("sh", "").isPresent());
        assertTrue(Program.find("ldconfig", "").isPresent());
        assertTrue(Program.find("no-such-program").isEmpty());
    }

    @Test
    void findsNothingByAPathThatIsRelative() throws Exception {
        Path here = Path.of("").toAbsolutePath().relativize(folder.toAbsolutePath());
        Path mine = Files.writeString(folder.resolve("mine"), "#!/bin/sh\n");
        assertTrue(mine.toFile().setExecutable(true));
        assertTrue(Program.find("mine", here + ":.").isEmpty());
        assertThrows(IllegalArgumentException.class, () -> Program.find("../mine"));
        assertThrows(IllegalArgumentException.class, () -> Program.of(List.of("mine")));
    }

    @Test
    void takesAConfiguredProgramByItsNameOrItsFile() throws Exception {
        assertEquals(
                "a b\n",
                Program.configured(List.of("echo", "a b")).runWell().output().text());
        assertEquals(
                List.of("/bin/x", "y"),
                Program.configured(List.of("/bin/x", "y")).command());
        assertThrows(IOException.class, () -> Program.configured(List.of("no-such-program")));
        assertThrows(IllegalArgumentException.class, () -> Program.configured(List.of("../echo")));
        assertThrows(IllegalArgumentException.class, () -> Program.configured(List.of()));
    }

    @Test
    void makesAFailureOfABadEnd() {
        Program program = shell("echo begun; echo 'no room' >&2; exit 3");
        IOException e = assertThrows(IOException.class, program::runWell);
        assertTrue(e.getMessage().endsWith("exit 3 ended with code 3: no room"), e.getMessage());
        e = assertThrows(IOException.class, program.errorsApart()::runWell);
        assertTrue(e.getMessage().endsWith("ended with code 3: no room"), e.getMessage());
        e = assertThrows(IOException.class, shell("exit 4")::runWell);
        assertTrue(e.getMessage().endsWith("exit 4 ended with code 4"), e.getMessage());
    }

    @Test
    void tellsHowMuchOfAFileWasRead() throws Exception {
        Path file = Files.write(folder.resolve("file"), new byte[1000]);
        Path end = folder.resolve("end");
        List<Double> ratios = new ArrayList<>();
        String script =
                "exec 3<\"$1\"; dd bs=1 count=\"$2\" <&3 >/dev/null 2>&1; while [ ! -e \"$3\" ]; do sleep 0.01; done";
        Ended ended = Program.find("sh")
                .orElseThrow()
                .with("-c", script, "sh", file.toString(), "250", end.toString())
                .reading(file, ratio -> {
                    ratios.add(ratio);
                    if (ratio == 0.25) {
                        assertTrue(end.toFile().mkdir());
                    }
                });
        assertTrue(ended.isWell(), ended.words());
        assertEquals(0.25, ratios.get(ratios.size() - 1));
    }

    @Test
    void passesArgumentsAsTheyAreToNoShell() throws Exception {
        Ended ended = Program.find("printf")
                .orElseThrow()
                .with("<%s>", "a b", "$(reboot)", "*", "")
                .run();
        assertEquals("<a b><$(reboot)><*><>", ended.output().text());
        assertTrue(ended.isWell());
    }

    @Test
    void speaksEnglishAndHasNoInput() throws Exception {
        assertEquals("C\n", shell("cat; echo $LC_ALL").run().output().text());
    }

    @Test
    void showsNothingOfItsOwnEnvironment() throws Exception {
        assertTrue(System.getenv().size() > 2, "there is something to hide: " + System.getenv());
        Ended ended =
                Program.find("cat").orElseThrow().with("/proc/self/environ").run();
        Map<String, String> environment = Stream.of(ended.output().text().split("\0"))
                .map(entry -> entry.split("=", 2))
                .collect(Collectors.toMap(entry -> entry[0], entry -> entry[1]));
        assertEquals(Set.of("PATH", "HOME", "LANG", "LC_ALL", "GATEHOUSE_RUN"), environment.keySet());
        assertEquals(System.getenv("PATH"), environment.get("PATH"));
    }

    @Test
    void hasAPathAlsoWhereTheGatewayHasNone() {
        Map<String, String> environment = new HashMap<>(Map.of("GATEHOUSE_JAVA_OPTS", "-Dpassword=x"));
        Environment.replace(environment);
        assertEquals(Map.of("PATH", Environment.USUAL_PATH, "HOME", "/", "LANG", "C", "LC_ALL", "C"), environment);
    }

    @Test
    void givesItWhatItReads() throws Exception {
        byte[] input = "x".repeat(64 << 10).getBytes(UTF_8);
        Ended ended = shell("wc -c").input(input).run();
        assertEquals("65536", ended.output().text().strip());
        assertThrows(IllegalArgumentException.class, () -> shell("cat").input(new byte[(64 << 10) + 1]));
    }

    @Test
    void mindsNotWhereItReadsNothing() throws Exception {
        assertTrue(shell("exec <&-; sleep 0.1").input(new byte[64 << 10]).run().isWell());
    }

    @Test
    void saysHowItEnded() throws Exception {
        Ended ended = shell("echo out; echo why >&2; exit 3").run();
        assertEquals(3, ended.code());
        assertEquals("out\nwhy\n", ended.output().text());
        assertEquals("why", ended.output().lastLine());
        assertEquals("ended with code 3", ended.words());
        assertEquals(137, shell("kill -KILL $$").run().code());
    }

    @Test
    void keepsErrorsApartWhereTold() throws Exception {
        List<String> lines = new ArrayList<>();
        Ended ended = shell("echo out; echo why >&2").errorsApart().lines(lines::add);
        assertEquals(List.of("out"), lines);
        assertEquals("out\n", ended.output().text());
        assertEquals("why\n", ended.errors().text());
    }

    @Test
    void tellsALineWhenItIsThere() throws Exception {
        Path told = folder.resolve("told");
        List<String> lines = new ArrayList<>();
        Ended ended = shell("echo first; until [ -e " + told + " ]; do sleep 0.01; done; printf 'second\r\nthird'")
                .lines(line -> {
                    lines.add(line);
                    try {
                        Files.writeString(told, "x");
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
        assertTrue(ended.isWell(), ended.words());
        assertEquals(List.of("first", "second", "third"), lines);
    }

    @Test
    void cutsLinesThatNeverEndButNoCharacter() throws Exception {
        List<String> lines = new ArrayList<>();
        shell(
                        "i=0; while [ $i -lt 300 ]; do printf 'é€xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'; i=$((i+1)); done")
                .lines(lines::add);
        assertEquals(3, lines.size());
        assertTrue(lines.stream().allMatch(line -> line.getBytes(UTF_8).length <= (8 << 10) + 3), lines.toString());
        assertFalse(String.join("", lines).contains("\ufffd"));
    }

    @Test
    void readsAFloodWholeAndKeepsItsBeginning() throws Exception {
        long[] count = {0};
        Ended ended = shell("head -c 50000000 /dev/zero").keeping(1000).bytes((bytes, length) -> count[0] += length);
        assertEquals(50_000_000, count[0]);
        assertEquals(1000, ended.output().bytes().length);
        assertEquals(50_000_000 - 1000, ended.output().beyond());
    }

    @Test
    void losesNothingOfWhatIsSaidAtTheEnd() throws Exception {
        for (int at = 0; at < 50; at++) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            shell("head -c 60000 /dev/zero; echo end").bytes((bytes, length) -> all.write(bytes, 0, length));
            assertEquals(60_004, all.size());
        }
    }

    @Test
    void waitsForOneThatClosesItsOutputEarly() throws Exception {
        Path late = folder.resolve("late");
        Ended ended =
                shell("exec >&- 2>&-; sleep 0.2; echo x > " + late + "; exit 4").run();
        assertEquals(4, ended.code());
        assertTrue(Files.exists(late));
    }

    @Test
    void waitsNotForWhatItLeavesBehindWithItsOutputOpen() throws Exception {
        Path pid = folder.resolve("pid");
        Ended ended = shell("echo hello; sleep 600 & echo $! > " + pid).run();
        assertTrue(ended.isWell());
        assertEquals("hello\n", ended.output().text());
        ProcessHandle left = handle(pid);
        assertTrue(isRunning(left), "a service that a script starts lives on");
        left.destroyForcibly();
    }

    @Test
    void readsNoFloodOfWhatItLeavesBehind() throws Exception {
        Path pid = folder.resolve("pid");
        long[] count = {0};
        Ended ended = shell("yes & echo $! > " + pid + "; exit 0").bytes((bytes, length) -> count[0] += length);
        assertTrue(ended.isWell());
        assertTrue(count[0] < 4 << 20, count[0] + " bytes");
        awaitEnd(handle(pid)); // nobody reads it any more
    }

    @Test
    void endsOneThatTakesTooLongAndTellsWhatItSaysAtItsEnd() throws Exception {
        Ended ended = shell("trap 'echo bye; exit 5' TERM; echo hello; while :; do sleep 0.05; done")
                .within(Duration.ofMillis(300))
                .run();
        assertFalse(ended.inTime());
        assertFalse(ended.isWell());
        assertTrue(ended.output().text().startsWith("hello\n"), ended.output().text());
        assertEquals("bye", ended.output().lastLine());
        assertEquals("did not end within 0 s and was ended", ended.words());
    }

    @Test
    void asksOneToEndWhoseOutputIsEnoughAndHearsWhatItStillHasToSay() throws Exception {
        Enough enough = new Enough();
        Ended ended = shell("trap 'echo 3 dropped >&2; exit 0' TERM; while :; do echo x; done")
                .errorsApart()
                .bytes(enough);
        assertTrue(ended.isWell(), ended.words());
        assertEquals("3 dropped\n", ended.errors().text());
        assertEquals(1, enough.came);
        assertTrue(ended.took().compareTo(Duration.ofSeconds(30)) < 0, "not when its time was over");
    }

    @Test
    void killsOneWhoseOutputIsEnoughWhereItDoesNotEnd() throws Exception {
        Enough enough = new Enough();
        Ended ended = shell("trap '' TERM; while :; do echo x; done").bytes(enough);
        assertEquals("ended with code 137", ended.words());
        assertEquals(1, enough.came);
    }

    /** Has enough of what comes first. */
    private static final class Enough implements Program.Output {
        private int came;

        @Override
        public void came(byte[] bytes, int length) {
            came++;
        }

        @Override
        public boolean isEnough() {
            return came > 0;
        }
    }

    @Test
    void killsWhatIgnoresTheSignal() throws Exception {
        Path pid = folder.resolve("pid");
        Ended ended = shell("trap '' TERM; sleep 600 & echo $! > " + pid + "; while :; do sleep 600; done")
                .within(Duration.ofMillis(300))
                .run();
        assertFalse(ended.inTime());
        assertEquals(137, ended.code());
        awaitEnd(handle(pid));
        assertTrue(
                ended.took().compareTo(Duration.ofSeconds(10)) < 0, ended.took().toString());
    }

    @Test
    void endsAFloodInTime() throws Exception {
        Ended ended =
                shell("exec yes").within(Duration.ofMillis(300)).keeping(10).run();
        assertFalse(ended.inTime());
        assertTrue(ended.output().beyond() > 100_000);
    }

    @Test
    void endsAllThatItStartedWhenItIsNoLongerWanted() throws Exception {
        Path child = folder.resolve("child");
        Path orphan = folder.resolve("orphan");
        Path all = folder.resolve("all");
        AtomicReference<Object> how = new AtomicReference<>();
        Program program = shell("(trap '' TERM; sh -c 'trap \"\" TERM; echo $$ > " + orphan
                + "; while :; do sleep 600; done' &) & wait;"
                + "sleep 600 & echo $! > " + child + ";until [ -s " + orphan + " ]; do sleep 0.01; done; echo x > "
                + all + "; wait");
        Thread caller = new Thread(() -> {
            try {
                how.set(program.run());
            } catch (IOException | InterruptedException e) {
                how.set(e);
            }
        });
        caller.start();
        await().until(() -> Files.exists(all) && Files.size(all) > 0);
        caller.interrupt();
        caller.join();
        assertTrue(how.get() instanceof InterruptedException, String.valueOf(how.get()));
        awaitEnd(handle(child));
        awaitEnd(handle(orphan));
    }

    @Test
    void endsItWhenWhoIsToldThrows() throws Exception {
        Path pid = folder.resolve("pid");
        IOException e = assertThrows(IOException.class, () -> shell("echo $$ > " + pid + "; echo x; exec sleep 600")
                .bytes((bytes, length) -> {
                    throw new IOException("no room");
                }));
        assertEquals("no room", e.getMessage());
        awaitEnd(handle(pid));
    }

    @Test
    void namesWhatCannotBeRun() {
        IOException e = assertThrows(
                IOException.class, () -> Program.of(List.of("/nowhere/program")).run());
        assertTrue(e.getMessage().contains("/nowhere/program"), e.getMessage());
    }

    @Test
    void leavesNoThreadAndNoZombie() throws Exception {
        shell("true").run();
        Set<String> before = threads();
        for (int at = 0; at < 5; at++) {
            shell("sleep 600 >&- 2>&- & echo x; exit 1").run();
            shell("exec sleep 600").within(Duration.ofMillis(50)).run();
        }
        assertEquals(before, threads());
        assertEquals(
                0,
                ProcessHandle.current()
                        .children()
                        .filter(child -> child.info().command().isEmpty())
                        .count());
    }

    /** But for those of the JDK that wait for processes, of which it keeps some for a while. */
    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> !name.contains("process reaper"))
                .collect(Collectors.toSet());
    }

    private static Program shell(String script) {
        return Program.of(List.of("/bin/sh", "-c", script));
    }

    private static ProcessHandle handle(Path pid) throws IOException {
        return ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElse(ProcessHandle.current());
    }

    private static void awaitEnd(ProcessHandle process) {
        await().until(() -> !isRunning(process));
    }

    /** A zombie that nobody reaps, as where this runs without an init, does not run. */
    private static boolean isRunning(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            return process.pid() != ProcessHandle.current().pid() && stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException e) {
            return false;
        }
    }
}
