package io.gatehouse.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.launcher.activators.Holding;
import io.gatehouse.launcher.activators.Speaking;
import io.gatehouse.launcher.activators.Wishing;
import io.gatehouse.software.Part;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole processes, and the program by which systemd is told. */
@Timeout(120)
class WatchdogTest {
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Duration SILENCE = PERIOD.multipliedBy(3);
    private static final Duration START = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private NotifySocket systemd;
    private Process gateway;

    @BeforeEach
    void socket() throws Exception {
        systemd = NotifySocket.open(folder);
    }

    @AfterEach
    void end() {
        systemd.close();
        if (gateway != null) {
            gateway.destroyForcibly();
        }
    }

    private void start(Home home, Map<String, String> environment, String... more) throws Exception {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Launcher.class.getName(),
                "--home",
                home.home().toString(),
                "--state",
                home.state().toString()));
        line.addAll(List.of(more));
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile());
        builder.environment().putAll(environment);
        gateway = builder.start();
    }

    private String out() throws Exception {
        return Files.readString(folder.resolve("out"));
    }

    @Test
    void aGatewayThatGoesOnSaysSoAgainAndAgain() throws Exception {
        start(
                Home.in(
                        folder,
                        Jar.bundle("a", "1.0.0").activator(Speaking.class).word("ah")),
                systemd.environment(PERIOD));
        await().atMost(START).until(() -> out().contains("runs 1 bundles"));
        long before = systemd.alive();
        await().atMost(START).until(() -> systemd.alive() >= before + 4);
        gateway.destroy();
        assertTrue(gateway.waitFor(60, TimeUnit.SECONDS), "the process does not end");
        assertEquals(1, out().lines().count(), out());
    }

    @Test
    void aFrameworkWhoseLockIsHeldSaysNothingMore() throws Exception {
        Home home = Home.in(
                folder,
                Jar.bundle("a", "1.0.0")
                        .activator(Holding.class)
                        .header(
                                "Import-Package",
                                "org.osgi.framework,org.osgi.framework.hooks.resolver,org.osgi.framework.wiring"),
                Jar.bundle("b", "1.0.0"));
        start(home, systemd.environment(PERIOD));
        await().atMost(START).until(() -> out().contains("holds "));
        systemd.awaitSilence(SILENCE);
        assertTrue(systemd.alive() > 0, "it said nothing before either");
        assertTrue(gateway.isAlive(), out());
    }

    @Test
    void aLauncherThatIsHeldByFlashSaysNothingUntilItGoesOn() throws Exception {
        Home home = Home.in(folder, Jar.bundle("w", "1.0.0").activator(Wishing.class));
        Part part =
                Jar.bundle("a", "1.0.0").activator(Speaking.class).word("ah").artifact(home.state());
        // to open it for writing takes until somebody reads
        Path flash = home.state().resolve("attempt.json.new");
        assertEquals(0, new ProcessBuilder("mkfifo", flash.toString()).start().waitFor());
        start(
                home,
                systemd.environment(PERIOD),
                "-Dgatehouse.test.wish=" + part.symbolicName() + " " + part.version() + " " + part.sha256() + " "
                        + part.size() + " PT5S");
        await().atMost(START).until(() -> out().contains("runs 1 bundles"));
        systemd.awaitSilence(SILENCE);
        long before = systemd.alive();
        assertTrue(before > 0, "it said nothing before either");
        assertTrue(Files.readString(flash).contains(part.sha256()));
        await().atMost(START).until(() -> systemd.alive() >= before + 2);
    }

    @Test
    void saysNothingWhereNobodyWaitsForIt() throws Exception {
        Map<String, String> environment = systemd.environment(PERIOD);
        start(Home.in(folder, Jar.bundle("a", "1.0.0")), Map.of("NOTIFY_SOCKET", environment.get("NOTIFY_SOCKET")));
        await().atMost(START).until(() -> out().contains("runs 1 bundles"));
        systemd.awaitSilence(SILENCE);
        assertEquals(0, systemd.alive());
        assertEquals(
                Optional.empty(), Supervisor.read(Map.of("WATCHDOG_USEC", "1")).watchdog());
    }

    @Test
    void aTimeThatIsNoneIsNamed() {
        for (String time : List.of("0", "-1", "5min", "100000000000000000000")) {
            Misuse misuse = assertThrows(
                    Misuse.class, () -> Supervisor.read(Map.of("NOTIFY_SOCKET", "@x", "WATCHDOG_USEC", time)));
            assertEquals(
                    "WATCHDOG_USEC must be a number of microseconds, as systemd sets it: " + time, misuse.getMessage());
        }
    }

    @Test
    void whoWaitsForAJobIsInTimeUntilThatIsLate() throws Exception {
        Worker worker = new Worker();
        assertTrue(worker.call(Deadline.in(Duration.ofDays(1)), () -> worker.isInTime(Duration.ZERO)));
        assertTrue(worker.idle(() -> worker.isInTime(Duration.ZERO)));
        assertFalse(worker.isInTime(Duration.ZERO));
        assertTrue(worker.isInTime(Duration.ofDays(1)));
    }
}
