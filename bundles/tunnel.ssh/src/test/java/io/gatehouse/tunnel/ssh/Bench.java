package io.gatehouse.tunnel.ssh;

import static org.awaitility.Awaitility.await;

import io.gatehouse.api.command.Outcome;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** A device's tunnels, with what a test wants to see of them. */
final class Bench implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(60);

    final EventLog log = new EventLog();
    final FleetRelays relays = new FleetRelays();
    final MemoryStore store = new MemoryStore();
    final AtomicInteger staying = new AtomicInteger();
    final Tunnels tunnels;

    /** Times at which a tunnel was not looked after, since the timer's clock was broken. */
    final AtomicInteger failed = new AtomicInteger();

    volatile boolean isClockBroken;
    volatile boolean isStayBroken;
    private final Stay stay = new Stay() {
        @Override
        public void begin() {
            if (isStayBroken) {
                throw new IllegalStateException("nobody may stay");
            }
            staying.incrementAndGet();
        }

        @Override
        public void end() {
            staying.decrementAndGet();
        }
    };

    private Bench(Map<String, ?> settings) {
        Backoff backoff = new Backoff(Duration.ofMillis(50), Duration.ofMillis(500), new Random(1));
        tunnels = new Tunnels(
                Configured.of(settings(settings)),
                limits -> {
                    Means usual = Tunnels.means(limits, log, relays, backoff);
                    return new Means(
                            usual.limits(),
                            usual.relays(),
                            usual.audit(),
                            usual.bounds(),
                            usual.backoff(),
                            usual.clock(),
                            this::nanoTime);
                },
                new SshIdentity(store, "dwr/311-a1/00-11-22-33-44-55", new SecureRandom()),
                stay);
    }

    private long nanoTime() {
        if (isClockBroken && Thread.currentThread().getName().equals("tunnel-timer")) {
            failed.incrementAndGet();
            throw new IllegalStateException("the clock is broken");
        }
        return System.nanoTime();
    }

    /** With these settings in place of the defaults. */
    static Bench with(Map<String, ?> settings) {
        return new Bench(settings);
    }

    /** Tunnels may lead there. */
    static Bench to(int... ports) {
        return with(Map.of("targets", targets(ports)));
    }

    static String[] targets(int... ports) {
        return Arrays.stream(ports).mapToObj(port -> "127.0.0.1:" + port).toArray(String[]::new);
    }

    /** What Declarative Services makes of a configuration. */
    static Settings settings(Map<String, ?> given) {
        return (Settings) Proxy.newProxyInstance(
                Settings.class.getClassLoader(),
                new Class<?>[] {Settings.class},
                (proxy, method, args) ->
                        given.containsKey(method.getName()) ? given.get(method.getName()) : method.getDefaultValue());
    }

    /** The arguments that open a tunnel by this relay, to this port. */
    static Map<String, Object> order(Relayed relay, int target) {
        Map<String, Object> order = new LinkedHashMap<>();
        order.put("relay", relay.address());
        order.put("hostKey", relay.fingerprint);
        order.put("user", "root");
        order.put("target", "127.0.0.1:" + target);
        return order;
    }

    Outcome open(Map<String, ?> order) throws IOException, InterruptedException {
        return tunnels.open(new Asked(order));
    }

    /** Opens one that has to open, and answers what was answered. */
    Map<String, ?> opened(Map<String, ?> order) throws Exception {
        Outcome outcome = open(order);
        if (outcome instanceof Outcome.Done done) {
            return done.result();
        }
        throw new AssertionError(outcome);
    }

    static int port(Map<String, ?> answer) {
        return ((Number) answer.get("listen")).intValue();
    }

    /** The type of the problem as which it was refused or failed. */
    static String problem(Outcome outcome) {
        if (outcome instanceof Outcome.Refused refused) {
            return "refused " + refused.problem().type();
        }
        return outcome instanceof Outcome.Failed failed
                ? "failed " + failed.problem().type()
                : outcome.toString();
    }

    static String detail(Outcome outcome) {
        if (outcome instanceof Outcome.Refused refused) {
            return refused.problem().detail();
        }
        return outcome instanceof Outcome.Failed failed ? failed.problem().detail() : outcome.toString();
    }

    @SuppressWarnings("unchecked")
    List<Map<String, ?>> list() {
        return (List<Map<String, ?>>) ((Outcome.Done) tunnels.list()).result().get("tunnels");
    }

    void awaitState(String state) {
        await().atMost(SOON).until(() -> log.states().contains(state));
    }

    /** Nothing of any tunnel is left: no thread of ours or of MINA's. */
    static void awaitNothingLeft() {
        await().atMost(SOON).until(() -> ourThreads().isEmpty());
    }

    static Set<String> ourThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith("tunnel-") || name.contains("sshd-") || name.contains("SshClient"))
                .collect(Collectors.toSet());
    }

    @Override
    public void close() {
        tunnels.stop();
    }
}
