package io.gatehouse.terminal;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The door as OpenSSH's client meets it. */
@Timeout(120)
final class SshDoorTest {
    @TempDir
    Path folder;

    private Place place;
    private Path key;

    @BeforeEach
    void open() throws Exception {
        Needs.programs("script", "stty", "ssh", "ssh-keygen");
        place = Place.of(folder);
        key = place.key("operator");
    }

    @AfterEach
    void close() {
        if (place != null) {
            place.close();
        }
    }

    @Test
    void givesAShellInATrueTerminalAndItsExitCode() throws Exception {
        Map<String, ?> opened = place.opened(key, Map.of());
        assertEquals(System.getProperty("user.name"), opened.get("user"));
        Place.Said said = place.ssh(opened, key, "tty; stty size; echo \"<$TERM>\"; exit 7\n", "-tt");
        assertEquals(7, said.code(), said.text());
        assertTrue(said.text().contains("/dev/pts/"), said.text());
        assertTrue(said.text().contains("24 80"), said.text());
        assertEquals(
                opened.get("hostKey"),
                Place.run("ssh-keygen", "-lf", folder.resolve("known_hosts").toString())
                        .split(" ")[1]);
        Map<String, ?> closed = place.closed();
        assertEquals("exit", closed.get("reason"));
        assertEquals(7, closed.get("exit"));
        assertEquals(Asked.KID, closed.get("by"));
        assertEquals(Asked.ID, closed.get("command"));
        assertEquals(List.of("opened", "started", "closed"), place.events.states());
        assertTrue((long) closed.get("received") > 20 && (long) closed.get("sent") > 20, closed.toString());
    }

    @Test
    void leavesNoThreadBehind() throws Exception {
        place.ssh(place.opened(key, Map.of()), key, "exit\n", "-tt");
        place.closed();
        await().until(() -> Place.threads().isEmpty());
    }

    @Test
    void givesEachTerminalAPortAndAHostKeyOfItsOwnAndLetsTunnelsLeadThereWhileItIsOpen() throws Exception {
        Map<String, ?> one = place.opened(key, Map.of());
        Map<String, ?> two = place.opened(place.key("other"), Map.of());
        assertNotEquals(one.get("hostKey"), two.get("hostKey"));
        assertEquals(
                List.of("/127.0.0.1:" + one.get("port"), "/127.0.0.1:" + two.get("port")),
                place.targets.stream()
                        .map(target -> target.address().toString())
                        .toList());
        place.terminals.close((String) one.get("id"));
        assertEquals(1, place.targets.size());
    }

    @Test
    void carriesUtf8BothWays() throws Exception {
        Place.Said said =
                place.ssh(place.opened(key, Map.of()), key, "printf '%s|' grüße ✓ 漢字 🛰 | tr a-z A-Z; exit\n", "-tt");
        assertTrue(said.text().contains("GRüßE|✓|漢字|🛰|"), said.text());
    }

    @Test
    void interruptsWhatRuns() throws Exception {
        Process ssh = place.begin(place.opened(key, Map.of()), key, "-tt");
        String sleep = Own.command("sleep", 1000);
        type(ssh, sleep + "\n");
        await().until(() -> Own.running(sleep) == 1);
        type(ssh, "\u0003");
        await().until(() -> Own.running(sleep) == 0);
        type(ssh, "echo still-$((40+2))-here; exit\n");
        assertTrue(all(ssh).contains("still-42-here"));
    }

    @Test
    void refusesAnyOtherKey() throws Exception {
        Map<String, ?> opened = place.opened(key, Map.of());
        Place.Said said = place.ssh(opened, place.key("stranger"), "", "-tt");
        assertEquals(255, said.code());
        assertTrue(said.text().contains("Permission denied (publickey)"), said.text());
        assertEquals(List.of("opened"), place.events.states());
    }

    @Test
    void refusesPasswords() throws Exception {
        Map<String, ?> opened = place.opened(key, Map.of());
        Place.Said said =
                place.ssh(opened, key, "", "-tt", "-o", "PreferredAuthentications=password,keyboard-interactive,none");
        assertTrue(said.text().contains("Permission denied (publickey)"), said.text());
    }

    @Test
    void refusesASecondSessionWhileTheFirstGoesOn() throws Exception {
        Map<String, ?> opened = place.opened(key, Map.of());
        Process first = place.begin(opened, key, "-tt");
        await().until(() -> place.events.states().contains("started"));
        Place.Said second = place.ssh(opened, key, "", "-tt");
        assertEquals(255, second.code());
        assertTrue(second.text().contains("Permission denied"), second.text());
        type(first, "echo still-$((40+2))-here; exit\n");
        assertTrue(all(first).contains("still-42-here"));
    }

    @Test
    void refusesASecondSessionOfTheSameConnection() throws Exception {
        Map<String, ?> opened = place.opened(key, Map.of());
        String control = folder.resolve("control").toString();
        Process first = place.begin(opened, key, "-tt", "-M", "-S", control);
        await().until(() -> place.events.states().contains("started"));
        Place.Said second = place.ssh(opened, key, "exit 0\n", "-tt", "-S", control, "-o", "ProxyCommand=false");
        assertNotEquals(0, second.code(), second.text());
        type(first, "exit 5\n");
        assertEquals(5, first.waitFor());
    }

    @Test
    void refusesAllButAShellWithAPty() throws Exception {
        Map<String, ?> opened = place.opened(key, Map.of());
        Place.Said exec = place.ssh(opened, key, "", "--", "id");
        assertTrue(exec.code() != 0 && exec.text().contains("exec request failed"), exec.text());
        Place.Said withPty = place.ssh(opened, key, "", "-tt", "--", "id");
        assertTrue(withPty.code() != 0 && withPty.text().contains("exec request failed"), withPty.text());
        Place.Said without = place.ssh(opened, key, "", "-T");
        assertTrue(without.code() != 0 && without.text().contains("shell request failed"), without.text());
        Place.Said sftp = place.ssh(opened, key, "", "-s", "--", "sftp");
        assertTrue(sftp.code() != 0 && sftp.text().contains("subsystem request failed"), sftp.text());
        assertEquals(List.of("opened"), place.events.states());
        assertEquals(0, place.ssh(opened, key, "exit\n", "-tt").code());
    }

    @Test
    void refusesToForward() throws Exception {
        Map<String, ?> opened = place.opened(key, Map.of());
        Place.Said remote = place.ssh(
                opened, key, "", "-N", "-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:" + opened.get("port"));
        assertTrue(remote.text().contains("remote port forwarding failed"), remote.text());
        Place.Said direct = place.ssh(opened, key, "", "-W", "127.0.0.1:" + opened.get("port"));
        assertTrue(direct.code() != 0 && direct.text().contains("open failed"), direct.text());
    }

    @Test
    void givesNoAgentAndNoDisplay() throws Exception {
        Place.Said said = place.ssh(
                place.opened(key, Map.of()),
                key,
                "echo \"<$SSH_AUTH_SOCK$DISPLAY$GATEHOUSE_SECRET>\"; exit\n",
                "-tt",
                "-A",
                "-o",
                "SetEnv=GATEHOUSE_SECRET=x");
        assertTrue(said.text().contains("<>"), said.text());
    }

    @Test
    void killsAllWhenTheLinkIsCut() throws Exception {
        Needs.programs("setsid", "nohup");
        Process ssh = place.begin(place.opened(key, Map.of()), key, "-tt");
        List<String> sleeps = IntStream.rangeClosed(2001, 2006)
                .mapToObj(seconds -> Own.command("sleep", seconds))
                .toList();
        type(
                ssh,
                String.format(
                        "%s &\n nohup %s >/dev/null 2>&1 &\n setsid %s &\n"
                                + "(setsid sh -c '(trap \"\" HUP TERM; %s; true) & exec %s' &) ; %s\n",
                        sleeps.toArray()));
        for (String sleep : sleeps) {
            await().until(() -> Own.running(sleep) == 1);
        }
        ssh.destroyForcibly();
        assertEquals("link", place.closed().get("reason"));
        for (String sleep : sleeps) {
            assertEquals(0, Own.running(sleep), sleep);
        }
    }

    @Test
    void killsWhatTheShellLeavesBehind() throws Exception {
        String sleep = Own.command("sleep", 2011);
        place.ssh(place.opened(key, Map.of()), key, "nohup setsid " + sleep + " >/dev/null 2>&1 &\nexit 0\n", "-tt");
        assertEquals("exit", place.closed().get("reason"));
        assertEquals(0, Own.running(sleep));
    }

    @Test
    void endsByCommandAndSaysSo() throws Exception {
        Map<String, ?> opened = place.opened(key, Map.of());
        Process ssh = place.begin(opened, key, "-tt");
        await().until(() -> place.events.states().contains("started"));
        assertEquals("started", place.terminals.all().get(0).told().get("state"));
        assertTrue(place.terminals.close((String) opened.get("id")) instanceof Outcome.Done);
        assertEquals(List.of(), place.terminals.all());
        assertTrue(all(ssh).contains("gatehouse: the terminal was closed: closed"));
        assertEquals(255, ssh.waitFor());
        assertTrue(place.terminals.close((String) opened.get("id")) instanceof Outcome.Refused);
    }

    private static void type(Process ssh, String text) throws IOException {
        ssh.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        ssh.getOutputStream().flush();
    }

    private static String all(Process ssh) throws IOException, InterruptedException {
        String text = new String(ssh.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        ssh.waitFor(30, TimeUnit.SECONDS);
        return text;
    }
}
