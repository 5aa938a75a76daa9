package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator does to a device that can only go out: by the command {@code gatehouse}, as people do. */
final class ReachTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration OUTAGE = Duration.ofSeconds(10);
    private static final Pattern LOCAL = Pattern.compile("http://(127\\.0\\.0\\.1|localhost):(\\d+)");

    @TempDir
    Path folder;

    private Reach reach;
    private Set<Integer> doors;

    @BeforeEach
    void begin() throws IOException {
        reach = Reach.begin(folder);
        doors = reach.doors();
    }

    @AfterEach
    void end() throws Exception {
        if (reach != null) {
            reach.close();
        }
    }

    @Test
    void shellRunsTopResizesLosesTheLinkForTenSecondsAndGoesOn() throws Exception {
        reach.configure("io.gatehouse.terminal", Map.of("permitted", true));
        int mark = reach.operator().mark();
        Seat seat = reach.seat("shell", Reach.DEVICE);
        seat.await(0, "# ");
        seat.type("tty; echo $((6 * 7)) is it\r");
        seat.await(0, "/dev/pts/");
        seat.await(0, "42 is it");
        int before = seat.mark();
        seat.type("top\r");
        seat.await(before, "load average");
        seat.resize(120, 40);
        int resized = seat.mark();
        seat.type("q");
        seat.await(resized, "# "); // top lets go of what is typed ahead
        seat.typeUntil("stty size\r", "40 120");
        reach.nat().cut();
        seat.type("echo it goes $((40 + 2)) on\r");
        LockSupport.parkNanos(OUTAGE.toNanos());
        assertFalse(seat.since(resized).contains("it goes 42 on"), "the link is cut");
        reach.nat().mend();
        seat.await(resized, "it goes 42 on");
        seat.type("sleep 4242 &\r");
        int asleep = seat.mark();
        seat.type("echo $((6 * 7)) asleep; sleep 2424\r");
        seat.await(asleep, "42 asleep");
        seat.type("\u0003");
        seat.type("exit 7\r");
        assertEquals(7, seat.awaitEnd(), () -> seat.since(0));
        assertNothingIsLeft(mark);
    }

    @Test
    void shellByMqttAloneGoesOnAfterTheLinkWasLost() throws Exception {
        reach.configure("io.gatehouse.terminal", Map.of("permitted", true));
        int mark = reach.operator().mark();
        Seat seat = reach.seat("shell", "--over-mqtt", Reach.DEVICE);
        seat.await(0, "# ");
        int before = seat.mark();
        seat.type("top\r");
        seat.await(before, "load average");
        seat.resize(120, 40);
        int resized = seat.mark();
        seat.type("q");
        seat.await(resized, "# "); // top lets go of what is typed ahead
        seat.typeUntil("stty size\r", "40 120");
        reach.nat().cut();
        seat.type("echo it goes $((40 + 2)) on\r");
        LockSupport.parkNanos(OUTAGE.toNanos());
        reach.nat().mend();
        seat.await(resized, "it goes 42 on");
        seat.type("exit 7\r");
        assertEquals(7, seat.awaitEnd(), () -> seat.since(0));
        assertNothingIsLeft(mark);
        reach.operator()
                .all(heard -> heard.topic().contains("/stream/"))
                .forEach(frame -> assertFalse(
                        new String(frame.payload(), StandardCharsets.ISO_8859_1).contains("it goes"),
                        "the broker can read"));
    }

    @Test
    void shellOfTheFrameworkComesWithAFeatureAndGoesWithIt() throws Exception {
        reach.configure("io.gatehouse.terminal", Map.of("permitted", true));
        Seat early = reach.seat("shell", "--gogo", Reach.DEVICE);
        assertEquals(1, early.awaitEnd(), () -> early.since(0));
        assertTrue(early.since(0).contains("org.apache.felix.gogo.runtime"), () -> early.since(0));
        int mark = reach.operator().mark();
        JarPath tests = JarPath.ofTests();
        String topic = Reach.DEVICE + "/desired/feature/gogo";
        String digest = reach.operator()
                .desire(
                        Reach.DEVICE,
                        "gogo",
                        reach.operator()
                                .feature(
                                        "com.acme:gogo:1",
                                        tests.jar("org.apache.felix.gogo.runtime"),
                                        tests.jar("org.apache.felix.gogo.command")));
        Members report = reach.operator().ended(Reach.DEVICE, topic, digest);
        assertEquals("applied", report.string("state"), () -> report.values().toString());
        Seat seat = reach.seat("shell", "--gogo", Reach.DEVICE);
        seat.await(0, "g! ");
        seat.type("lb -s terminal\r");
        seat.await(0, "io.gatehouse.terminal");
        assertTrue(reach.operator()
                .removed(Reach.DEVICE, Reach.DEVICE, "gogo")
                .string("state")
                .equals("applied"));
        seat.awaitEnd();
        assertNothingIsLeft(mark);
    }

    @Test
    void devicesWebPageIsOpenedThroughTheTunnel() throws Exception {
        webPage("what the device says of itself");
        int mark = reach.operator().mark();
        Child tunnel = reach.run("tunnel", "open", Reach.DEVICE, "--target", "127.0.0.1:80");
        Matcher local =
                LOCAL.matcher(tunnel.awaitLine(line -> LOCAL.matcher(line).find(), PATIENCE));
        assertTrue(local.find());
        URI page = URI.create("http://127.0.0.1:" + local.group(2) + "/");
        assertEquals("what the device says of itself", get(page));
        tunnel.signal("INT");
        tunnel.awaitEnd();
        assertRefused(page);
        assertNothingIsLeft(mark);
    }

    @Test
    void devicesWebPageIsOpenedThroughARelayOfItsOwn() throws Exception {
        webPage("what the device says of itself");
        int mark = reach.operator().mark();
        try (OpenSsh relay = OpenSsh.start(folder.resolve("relay"), reach.nat().outside())) {
            relay.authorize(line(reach.run("tunnel", "key", Reach.DEVICE), Pattern.compile("ssh-ed25519 .*")));
            Child tunnel = reach.run(
                    "tunnel",
                    "open",
                    Reach.DEVICE,
                    "--target",
                    "127.0.0.1:80",
                    "--relay",
                    "root@" + relay.address(),
                    "--host-key",
                    relay.hostKey());
            assertEquals(0, tunnel.awaitEnd(), tunnel::output);
            int port = (int) Members.of(tunnels().get(0)).integer("listen", 1, 65_535);
            URI page = URI.create("http://127.0.0.1:" + port + "/");
            assertEquals("what the device says of itself", get(page));
            Child close = reach.run(
                    "tunnel",
                    "close",
                    Reach.DEVICE,
                    String.valueOf(tunnels().get(0).get("id")));
            assertEquals(0, close.awaitEnd(), close::output);
            assertRefused(page);
            assertNothingIsLeft(mark);
        }
    }

    @Test
    void wholeModelIsAskedForPingAndTheTableIsRead() throws Exception {
        for (String id : List.of("second", "third")) {
            reach.device("dwr/311-a1/" + id, reach.nat().device());
        }
        Seat seat = reach.seat("cmd", "ping", "host=127.0.0.1", "count=2", "--to", "dwr/311-a1");
        assertEquals(0, seat.awaitEnd(), () -> seat.since(0));
        List<String> lines = seat.since(0).lines().toList();
        for (String id : List.of("behind-a-nat", "second", "third")) {
            assertTrue(
                    lines.stream().anyMatch(line -> line.contains("dwr/311-a1/" + id) && line.contains("done")),
                    () -> id + " is missing in\n" + seat.since(0));
        }
        assertTrue(seat.since(0).contains("RECEIVED"), () -> seat.since(0));
    }

    @Test
    void shellsWithoutPermissionAreRefusedWithTheSettingsName() throws Exception {
        Seat seat = reach.seat("shell", Reach.DEVICE);
        assertEquals(1, seat.awaitEnd(), () -> seat.since(0));
        assertTrue(seat.since(0).contains("permitted"), () -> seat.since(0));
        assertEquals(doors, reach.doors());
    }

    /** Serves this page at port 80 of the device's loopback. */
    private void webPage(String text) throws IOException {
        Shell.assumeRootWith("a device's web page", "/usr/bin/busybox");
        Path pages = Files.createDirectories(folder.resolve("pages"));
        Files.writeString(pages.resolve("index.html"), text);
        reach.onDevice("busybox", "httpd", "-f", "-p", "127.0.0.1:80", "-h", pages.toString());
        Awaitility.await("the device's web server").atMost(PATIENCE).until(() -> reach.doors()
                .contains(80));
        doors = reach.doors();
    }

    private static String line(Child child, Pattern wanted) throws InterruptedException {
        Matcher found =
                wanted.matcher(child.awaitLine(line -> wanted.matcher(line).find(), PATIENCE));
        return found.find() ? found.group() : "";
    }

    @SuppressWarnings("unchecked") // as the protocol has it
    private List<Map<String, ?>> tunnels() {
        Outcome outcome = reach.operator().command(Reach.DEVICE, "tunnel.list", Map.of());
        return (List<Map<String, ?>>) ((Outcome.Done) outcome).result().get("tunnels");
    }

    private static String get(URI page) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(page).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static void assertRefused(URI page) throws InterruptedException {
        try {
            get(page);
            throw new AssertionError(page + " is still open");
        } catch (ConnectException e) {
            assertEquals(ConnectException.class, e.getClass());
        } catch (IOException e) {
            throw new AssertionError(page + " is not closed, but answers with nothing", e);
        }
    }

    /** On the device no door is open that was not before, no program runs, and all that was opened was told to be closed. */
    private void assertNothingIsLeft(int mark) {
        Awaitility.await("closed doors").atMost(PATIENCE).until(() -> reach.doors()
                .equals(doors));
        Awaitility.await("no program").atMost(PATIENCE).until(() -> programs().isEmpty());
        Awaitility.await("all told").atMost(PATIENCE).until(() -> opened(mark, "closed")
                .equals(opened(mark, "opened")));
        assertFalse(opened(mark, "opened").isEmpty(), "nothing was told");
        assertEquals(
                Outcome.done(Map.of("tunnels", List.of())),
                reach.operator().command(Reach.DEVICE, "tunnel.list", Map.of()));
    }

    private Set<String> opened(int mark, String state) {
        return reach
                .operator()
                .since(
                        mark,
                        heard -> (heard.topic().equals(Reach.DEVICE + "/event/tunnel")
                                        || heard.topic().equals(Reach.DEVICE + "/event/terminal"))
                                && heard.body().string("state").equals(state))
                .stream()
                .map(heard -> heard.body().string("id"))
                .collect(Collectors.toSet());
    }

    private List<String> programs() {
        return reach.gateway()
                .java()
                .descendants()
                .map(child -> child.info().commandLine().orElse("?"))
                .toList();
    }
}
