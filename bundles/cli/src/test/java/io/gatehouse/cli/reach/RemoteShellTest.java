package io.gatehouse.cli.reach;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.screen.Screen;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions with a real sshd: of what is piped in, and at a real terminal that {@code script} makes. */
final class RemoteShellTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Screen screen = new Screen(
            new PrintStream(out, true, UTF_8), new PrintStream(out, true, UTF_8), Screen.Terminal.NONE, false);
    private final SshKeyPair key = SshKeyPair.generate();

    @TempDir
    private Path folder;

    private OpenSshServer server;
    private Process script;

    @BeforeEach
    void aServerListens() throws IOException {
        server = OpenSshServer.start(folder.resolve("sshd"));
        server.admit(key.publicKey().line());
    }

    @AfterEach
    void end() {
        if (script != null) {
            script.descendants().forEach(ProcessHandle::destroyForcibly);
            script.destroyForcibly();
        }
        server.close();
    }

    @Test
    void typesWhatIsPipedInAndReturnsTheExitStatus() throws Exception {
        assertEquals(7, run("tty\nexit 7\n"));
        assertTrue(out().contains("/dev/pts/"), out());
    }

    @Test
    void endsWithItsInputAlsoWhereTheLastLineIsNotEnded() throws Exception {
        assertEquals(0, run("echo $((6 * 7))-is-it"));
        assertTrue(out().contains("42-is-it"), out());
    }

    @Test
    void speaksToNoServerWithAnotherKey() {
        String other = SshKeyPair.generate().publicKey().fingerprint();
        RemoteShell.Door door = new RemoteShell.Door(server.address(), OpenSshServer.user(), other, key);
        Trouble trouble = assertThrows(Trouble.class, () -> shell("id\n").run(door));
        assertTrue(String.valueOf(trouble.getMessage()).contains("is not " + other), trouble.getMessage());
        assertEquals("", out());
    }

    @Test
    void saysThatItIsNotLetIn() {
        Trouble trouble = assertThrows(Trouble.class, () -> shell("id\n")
                .run(new RemoteShell.Door(
                        server.address(), OpenSshServer.user(), server.hostKey(), SshKeyPair.generate())));
        assertTrue(String.valueOf(trouble.getMessage()).contains("does not let this key in"), trouble.getMessage());
    }

    @Test
    void saysThatTheConnectionWasLost() {
        Trouble trouble = assertThrows(Trouble.class, () -> run("kill -9 $(ps -o ppid= -p $$)\n"));
        assertTrue(
                String.valueOf(trouble.getMessage()).contains("the same command opens a new one"),
                trouble.getMessage());
    }

    @Test
    void endsWhenItIsInterrupted() throws Exception {
        Thread thread = Thread.currentThread();
        Thread interrupting = new Thread(() -> {
            await().atMost(SOON).until(() -> out().contains("begun-3"));
            thread.interrupt();
        });
        interrupting.start();
        assertThrows(InterruptedException.class, () -> run("echo begun-$((1+2)); sleep 1000\n"));
        interrupting.join();
    }

    @Test
    void holdsASessionAtARawTerminalAndLeavesItAsItWas() throws Exception {
        Path identity = folder.resolve("id");
        OpenSshServer.keygen(identity);
        server.admit(Files.readString(Path.of(identity + ".pub")));
        atTerminal(identity);
        awaitSaid("READY");
        type("PS1='> '; stty size; echo ok-$((1+1))\r");
        awaitSaid("ok-2");
        assertTrue(said().contains("40 100"), said());

        type("echo now-$((3+3)); sleep 1000\r");
        awaitSaid("now-6");
        type("\003"); // Ctrl-C goes to the far side
        await().atMost(SOON)
                .until(
                        () -> { // whose line editor loses what is typed while it begins again
                            type("echo after-$((2+2))\r");
                            return said().contains("after-4");
                        });

        String tty = Files.readString(folder.resolve("tty")).strip();
        assertEquals(
                0,
                new ProcessBuilder("stty", "-F", tty, "rows", "50", "cols", "120")
                        .start()
                        .waitFor());
        await().atMost(SOON).until(() -> {
            type("stty size\r");
            return said().contains("50 120");
        });

        Files.createFile(folder.resolve("remark"));
        awaitSaid("\r\na remark\r\n");

        type("exit 9\r");
        assertTrue(script.waitFor(SOON.toSeconds(), TimeUnit.SECONDS));
        assertEquals(9, script.exitValue(), said());
        assertEquals(settings("before"), settings("after"));
    }

    @Test
    void isLeftByTheEscapeAlsoWhereTheFarSideIsStopped() throws Exception {
        Path identity = folder.resolve("id");
        OpenSshServer.keygen(identity);
        server.admit(Files.readString(Path.of(identity + ".pub")));
        atTerminal(identity);
        awaitSaid("READY");
        type("echo ok-$((1+1)); kill -STOP $(ps -o ppid= -p $$)\r");
        awaitSaid("ok-2");
        type("\r~.");
        assertTrue(script.waitFor(SOON.toSeconds(), TimeUnit.SECONDS), said());
        assertEquals(255, script.exitValue(), said());
        assertEquals(settings("before"), settings("after"));
    }

    @Test
    void leavesTheTerminalAsItWasAlsoWhenItIsKilled() throws Exception {
        Path identity = folder.resolve("id");
        OpenSshServer.keygen(identity);
        server.admit(Files.readString(Path.of(identity + ".pub")));
        atTerminal(identity);
        awaitSaid("READY");
        type("echo ok-$((1+1))\r");
        awaitSaid("ok-2");
        script.descendants()
                .filter(process -> process.info().command().orElse("").endsWith("java"))
                .forEach(ProcessHandle::destroy);
        assertTrue(script.waitFor(SOON.toSeconds(), TimeUnit.SECONDS));
        assertEquals(143, script.exitValue(), said());
        assertEquals(settings("before"), settings("after"));
    }

    /** As in a terminal's window: a shell that starts the session, with the terminal's settings written down around it. */
    private void atTerminal(Path identity) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "util-linux' script is missing: /usr/bin/script");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String session = String.join(
                " ",
                java,
                "-cp",
                "'" + System.getProperty("java.class.path") + "'",
                ShellAtTerminal.class.getName(),
                String.valueOf(server.port()),
                server.hostKey(),
                identity.toString(),
                folder.resolve("remark").toString());
        Path steps = Files.writeString(
                folder.resolve("steps.sh"),
                String.join(
                        "\n",
                        "stty rows 40 cols 100",
                        "tty >" + folder.resolve("tty"),
                        "stty -g >" + folder.resolve("before"),
                        "trap : INT",
                        "echo READY",
                        session,
                        "status=$?",
                        "stty -g >" + folder.resolve("after"),
                        "exit $status",
                        ""));
        script = new ProcessBuilder(
                        "script",
                        "-qfec",
                        "sh " + steps,
                        folder.resolve("typescript").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile())
                .start();
    }

    private void type(String keys) throws IOException {
        script.getOutputStream().write(keys.getBytes(UTF_8));
        script.getOutputStream().flush();
    }

    private void awaitSaid(String text) {
        await().atMost(SOON).untilAsserted(() -> assertTrue(said().contains(text), text + " is not in: " + said()));
    }

    private String said() throws IOException {
        return Files.readString(folder.resolve("said"));
    }

    private String settings(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    private int run(String typed) throws Exception {
        return shell(typed).run(new RemoteShell.Door(server.address(), OpenSshServer.user(), server.hostKey(), key));
    }

    private RemoteShell shell(String typed) {
        return new RemoteShell(new ByteArrayInputStream(typed.getBytes(UTF_8)), out, "xterm", screen);
    }

    private String out() {
        return out.toString(UTF_8);
    }
}
