package io.gatehouse.tasks.network;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.program.Ended;
import io.gatehouse.program.Program;
import io.gatehouse.tasks.Asked;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TracerouteTest {
    private static final String NEAR = "gate-near-" + ProcessHandle.current().pid();
    private static final String ROUTER =
            "gate-router-" + ProcessHandle.current().pid();
    private static final String FAR = "gate-far-" + ProcessHandle.current().pid();

    @TempDir
    Path folder;

    @AfterEach
    void removeNetwork() throws Exception {
        if (Program.find("ip").isPresent()) {
            for (String space : List.of(NEAR, ROUTER, FAR)) {
                Ended ignored = ip("netns", "del", space);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"traceroute", "busybox"})
    void followsTheWayThroughARouterByEachRealProgram(String program) throws Exception {
        makeNetwork();
        Program inside = inNear(program);
        Asked asked = Asked.with(Map.of("host", "10.98.2.2", "hops", 4, "timeout", "PT1S"));
        Outcome.Done done =
                assertInstanceOf(Outcome.Done.class, new Traceroute(() -> Optional.of(inside)).handle(asked));
        assertEquals("10.98.2.2", done.result().get("host"));
        assertEquals("10.98.2.2", done.result().get("address"));
        assertEquals(true, done.result().get("reached"));
        List<?> hops = (List<?>) done.result().get("hops");
        assertEquals(2, hops.size(), hops.toString());
        assertEquals("10.98.1.1", ((Map<?, ?>) hops.get(0)).get("address"));
        assertEquals("10.98.2.2", ((Map<?, ?>) hops.get(1)).get("address"));
        List<?> rtt = (List<?>) ((Map<?, ?>) hops.get(1)).get("rtt");
        assertEquals(3, rtt.size());
        assertTrue((double) rtt.get(0) > 0 && (double) rtt.get(0) < 1, rtt.toString());
        assertEquals(List.of(0.25, 0.5), asked.ratios());
    }

    @ParameterizedTest
    @ValueSource(strings = {"traceroute", "busybox"})
    void saysWhereAWayEnds(String program) throws Exception {
        makeNetwork();
        must("netns", "exec", FAR, "ip", "route", "del", "default");
        Program inside = inNear(program);
        Outcome.Done done = (Outcome.Done) new Traceroute(() -> Optional.of(inside))
                .handle(Asked.with(Map.of("host", "10.98.2.2", "hops", 2, "timeout", "PT1S")));
        assertEquals(false, done.result().get("reached"));
        List<?> hops = (List<?>) done.result().get("hops");
        assertEquals(Map.of("hop", 2, "rtt", List.of()), hops.get(1));
    }

    @Test
    void reachesThisMachineByTheProgramThatIsFound() throws Exception {
        assumeTrue(Program.find("traceroute").isPresent(), "there is no traceroute");
        Outcome.Done done = (Outcome.Done) new Traceroute().handle(Asked.with(Map.of("host", "127.0.0.1")));
        assertEquals(true, done.result().get("reached"));
        assertEquals(1, ((List<?>) done.result().get("hops")).size());
    }

    @Test
    void namesThePackageWhereThereIsNoProgram() throws Exception {
        Outcome.Refused refused =
                (Outcome.Refused) new Traceroute(Optional::empty).handle(Asked.with(Map.of("host", "127.0.0.1")));
        assertEquals("unavailable", refused.problem().type());
        assertTrue(refused.problem().detail().contains("package traceroute"));
    }

    @Test
    void saysWhatTheProgramSaidWhereItTracedNothing() throws Exception {
        Program failing = script("echo 'traceroute: socket: Operation not permitted' >&2; exit 1");
        Outcome.Failed failed = (Outcome.Failed)
                new Traceroute(() -> Optional.of(failing)).handle(Asked.with(Map.of("host", "127.0.0.1")));
        assertEquals("not-traced", failed.problem().type());
        assertEquals(
                "traceroute to 127.0.0.1 ended with code 1: traceroute: socket: Operation not permitted",
                failed.problem().detail());
    }

    @Test
    void endsTheProgramWhenItIsCancelled() throws Exception {
        Program slow = script("echo $$ > \"$0.tmp\"; mv \"$0.tmp\" \"$0.pid\"; exec sleep 600");
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread caller = new Thread(() -> {
            try {
                new Traceroute(() -> Optional.of(slow)).handle(Asked.with(Map.of("host", "127.0.0.1")));
            } catch (Exception e) {
                thrown.set(e);
            }
        });
        caller.start();
        await().until(() -> Files.exists(folder.resolve("script.pid")));
        long child =
                Long.parseLong(Files.readString(folder.resolve("script.pid")).strip());
        caller.interrupt();
        caller.join(10_000);
        assertInstanceOf(InterruptedException.class, thrown.get());
        assertTrue(ProcessHandle.of(child).filter(ProcessHandle::isAlive).isEmpty());
    }

    @Test
    void readsSilenceSeveralAnswersAndObjections() {
        assertEquals(
                Optional.of(new Hop(3, List.of("10.0.0.1", "10.0.0.2"), List.of(0.001, 0.0025))),
                Hop.read(" 3  10.0.0.1  1.000 ms 10.0.0.2  2.5 ms !H *"));
        assertEquals(Optional.of(new Hop(12, List.of(), List.of())), Hop.read("12  * * *"));
        assertEquals(
                Optional.of(new Hop(1, List.of("2001:db8::1"), List.of(0.000035))),
                Hop.read(" 1  2001:db8::1  0.035 ms"));
        assertEquals(Optional.empty(), Hop.read("traceroute to 127.0.0.1 (127.0.0.1), 30 hops max, 60 byte packets"));
        assertEquals(Optional.empty(), Hop.read(" 1  10.0.0.1  x ms"));
        assertEquals(Optional.empty(), Hop.read("256  10.0.0.1  1 ms"));
        assertEquals(Optional.empty(), Hop.read(""));
    }

    @Test
    void refusesWhatIsOutOfItsBounds() {
        for (Map<String, ?> wrong : List.<Map<String, ?>>of(
                Map.of("host", "-I"),
                Map.of("host", "a", "hops", 0),
                Map.of("host", "a", "hops", 65),
                Map.of("host", "a", "timeout", "PT0.5S"))) {
            assertThrows(BadArgument.class, () -> new Traceroute().handle(Asked.with(wrong)), wrong::toString);
        }
    }

    private Program script(String text) throws IOException {
        Path file = folder.resolve("script");
        Files.writeString(file, "#!/bin/sh\n" + text);
        assertTrue(file.toFile().setExecutable(true));
        return Program.of(List.of(file.toString()));
    }

    private static Program inNear(String program) {
        Program ip = Program.find("ip").orElseThrow();
        assumeTrue(Program.find(program).isPresent(), () -> "there is no " + program);
        Program inside = ip.with("netns", "exec", NEAR, program);
        return program.equals("busybox") ? inside.with("traceroute") : inside;
    }

    /** One machine, a router, and another machine. */
    private static void makeNetwork() throws IOException, InterruptedException {
        assumeTrue(Program.find("ip").isPresent(), "there is no ip");
        assumeTrue(ip("netns", "add", NEAR).isWell(), "network namespaces need root");
        must("netns", "add", ROUTER);
        must("netns", "add", FAR);
        must("-n", NEAR, "link", "add", "wire", "type", "veth", "peer", "name", "one", "netns", ROUTER);
        must("-n", FAR, "link", "add", "wire", "type", "veth", "peer", "name", "two", "netns", ROUTER);
        must("-n", NEAR, "addr", "add", "10.98.1.2/24", "dev", "wire");
        must("-n", ROUTER, "addr", "add", "10.98.1.1/24", "dev", "one");
        must("-n", ROUTER, "addr", "add", "10.98.2.1/24", "dev", "two");
        must("-n", FAR, "addr", "add", "10.98.2.2/24", "dev", "wire");
        for (List<String> up :
                List.of(List.of(NEAR, "wire"), List.of(ROUTER, "one"), List.of(ROUTER, "two"), List.of(FAR, "wire"))) {
            must("-n", up.get(0), "link", "set", up.get(1), "up");
        }
        must("-n", NEAR, "route", "add", "default", "via", "10.98.1.1");
        must("-n", FAR, "route", "add", "default", "via", "10.98.2.1");
        must("netns", "exec", ROUTER, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
        // what goes wrong is said as often as asked, not once a second
        must("netns", "exec", ROUTER, "sh", "-c", "echo 0 > /proc/sys/net/ipv4/icmp_ratelimit");
        must("netns", "exec", FAR, "sh", "-c", "echo 0 > /proc/sys/net/ipv4/icmp_ratelimit");
    }

    private static void must(String... arguments) throws IOException, InterruptedException {
        Ended ended = ip(arguments);
        assertTrue(
                ended.isWell(),
                () -> String.join(" ", arguments) + ": " + ended.output().text());
    }

    private static Ended ip(String... arguments) throws IOException, InterruptedException {
        return Program.find("ip").orElseThrow().with(arguments).run();
    }
}
