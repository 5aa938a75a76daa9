package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A gateway at work, to which one fault happens after the other: it observes five times a second, is commanded and tells what it
 * refuses, and everything that it does is heard.
 */
final class Site implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int MOST_ATTEMPTS = 4;
    private static final Duration EXPIRY = Duration.ofMinutes(20);
    private static final Duration STEP = Duration.ofMillis(137);
    private static final int AT_ONCE = 5;

    /** Of more topics than these a gateway tells together. */
    private static final int MOST_TOLD_APART = 60;

    private final String device =
            "dwr/311-a1/site-" + UUID.randomUUID().toString().substring(0, 8);
    private final Mosquitto broker;
    private final HostileProxy proxy;
    private final Operator operator;
    private final Bundles bundles;
    private final GatewayProcess gateway;
    private final Map<String, Map<String, Object>> configurations;
    private final List<String> asked = new ArrayList<>();
    private final List<String> provoked = new ArrayList<>();
    private int version;
    private long peakKib;
    private Duration tail = Duration.ZERO;

    /** Something that goes wrong, and is over when this returns. */
    interface Trouble {
        /** Happens for the n-th time. */
        void befall(int moment) throws Exception;
    }

    /** What a site is made of, where it is not as usual. */
    static final class Plan {
        private final Path directory;
        private Surroundings surroundings = Surroundings.USUAL;
        private Map<String, Map<String, Object>> configurations = Map.of();
        private String host = "127.0.0.1";
        private int port;
        private List<String> brokerSettings = List.of();

        private Plan(Path directory) {
            this.directory = directory;
        }

        Plan surrounded(Surroundings surroundings) {
            this.surroundings = surroundings;
            return this;
        }

        Plan configured(String pid, Map<String, Object> values) {
            configurations = Map.of(pid, values);
            return this;
        }

        /** The gateway knows the proxy before the broker by this name. */
        Plan named(String host) {
            this.host = host;
            return this;
        }

        /** The broker is also met at this address, and the gateway goes there, past the proxy. */
        Plan also(String host) throws IOException {
            this.host = host;
            port = BrokerProcess.freePort();
            brokerSettings = List.of("listener " + port + " " + host);
            return this;
        }

        Path state() {
            return directory.resolve("state");
        }

        /** Starts all, and waits until the gateway does its work. */
        Site begin() throws IOException {
            Mosquitto.assumeInstalled();
            Site site = new Site(this);
            try {
                site.operator.await("online", heard -> heard.topic().equals(site.device + "/status"));
                site.update();
                return site;
            } catch (RuntimeException | Error e) {
                site.close();
                throw e;
            }
        }
    }

    static Plan in(Path directory) throws IOException {
        return new Plan(Files.createTempDirectory(directory, "site"));
    }

    private Site(Plan plan) throws IOException {
        configurations = plan.configurations;
        bundles = new Bundles(plan.directory);
        broker = Mosquitto.persistent(Files.createDirectories(plan.directory.resolve("broker")), plan.brokerSettings);
        broker.start();
        proxy = new HostileProxy(broker.uri());
        operator = Operator.at(Access.to(broker.uri()), device, device + "/#", "reply/#", "operator/#");
        int port = plan.port == 0 ? proxy.uri().getPort() : plan.port;
        gateway = GatewayProcess.start(
                plan.surroundings,
                URI.create("tcp://" + plan.host + ":" + port),
                device,
                plan.state(),
                "-D",
                "gatehouse.broker.plaintext=true"); // not every host here is this machine's own
    }

    String device() {
        return device;
    }

    Mosquitto broker() {
        return broker;
    }

    HostileProxy proxy() {
        return proxy;
    }

    Operator operator() {
        return operator;
    }

    GatewayProcess gateway() {
        return gateway;
    }

    /** The fault happens, at one moment or at ten; each time all has to be well again, and nothing lost. */
    void suffers(Fault fault, Trouble trouble) throws Exception {
        Duration longest = Duration.ZERO;
        for (int moment = 0; moment < Reliability.MOMENTS; moment++) {
            busy();
            LockSupport.parkNanos(STEP.multipliedBy(moment).toNanos());
            trouble.befall(moment);
            Instant over = Instant.now();
            awaitAnswer();
            Duration back = Duration.between(over, Instant.now());
            longest = back.compareTo(longest) > 0 ? back : longest;
            busy();
            update();
            awaitAllOfIt();
            checkMemory();
        }
        Account account = account();
        Reliability.held(
                fault,
                new Reliability.Figures(account.messages(), account.lost(), tail, account.dropped(), longest, peakKib));
    }

    /** So long before its end a boot's last observation was made: what came after it is in no account. */
    void endedAfter(Duration last) {
        tail = last.compareTo(tail) > 0 ? last : tail;
    }

    /** Gives it something to do: commands to answer, and a message to complain of. Waits for neither. */
    void busy() {
        for (int i = 0; i < AT_ONCE; i++) {
            asked.add(operator.ask(device, "ping", Map.of(), EXPIRY));
        }
        if (provoked.size() < MOST_TOLD_APART) {
            String topic = device + "/desired/feature/unsigned-" + provoked.size();
            provoked.add(topic);
            operator.publish(topic, "{}".getBytes(StandardCharsets.UTF_8), false, Optional.empty());
        }
    }

    /** Waits until it answers a command that is sent now, or a little later where the broker loses what it has. */
    private void awaitAnswer() {
        Awaitility.await("the broker").atMost(PATIENCE).until(operator::hears);
        List<String> pings = new ArrayList<>();
        long begun = System.nanoTime();
        await("an answer after the fault", () -> {
            if (System.nanoTime() - begun >= pings.size() * 5_000_000_000L) {
                pings.add(operator.ask(device, "ping", Map.of(), EXPIRY));
            }
            return pings.stream().anyMatch(ping -> !operator.ends(ping).isEmpty());
        });
    }

    /** Installs another version of what observes here, and waits until that observes. */
    void update() {
        int mark = operator.mark();
        awaitApplied(mark, want());
    }

    /** Wants another version of what observes here; the digest of that wish. */
    String want() {
        String next = ++version + ".0.0";
        return operator.desire(
                device,
                "rain",
                operator.feature("com.acme:rain:" + next, configurations, bundles.collector("rain", next)));
    }

    /** Waits until what was wanted last is there and observes, since this mark. */
    void awaitApplied(int mark, String digest) {
        String topic = device + "/desired/feature/rain";
        await("applied: " + topic, () -> operator.reports(device, topic, digest).stream()
                .anyMatch(report -> report.string("state").equals("applied")));
        operator.await(
                "rain " + version,
                mark,
                heard -> isRain(heard) && heard.body().string("version").equals(version + ".0.0"));
    }

    /** Whether it is what the plug-in observed. */
    boolean isRain(Operator.Heard heard) {
        return heard.topic().equals(device + "/example/rain");
    }

    /** It does what it is told. */
    void assertObeys() {
        Outcome outcome = command();
        assertTrue(outcome instanceof Outcome.Done, () -> outcome + "\n" + gateway.log());
    }

    /** It does what it is told, though a line that loses every fifth packet may keep one command for longer than it is of use. */
    void assertObeysInTheEnd() {
        for (int attempt = 1; ; attempt++) {
            try {
                assertObeys();
                return;
            } catch (AssertionError e) {
                if (attempt == MOST_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** Waits until nothing is under way of what it was asked until now. */
    void settle() {
        await("an end of each command", () -> asked.stream()
                .allMatch(ping -> !operator.ends(ping).isEmpty()));
        await("each event", () -> provoked.stream().allMatch(this::isComplainedOf));
        // An end may come twice, as what is sent at QoS 1 may; two ends may not.
        for (String ping : asked) {
            List<Members> ends = operator.ends(ping).stream()
                    .map(Operator.Heard::body)
                    .distinct()
                    .toList();
            assertEquals(1, ends.size(), () -> "the ends of " + ping + ": " + ends);
        }
    }

    /** The end of a command that is of use for a minute. */
    Outcome command() {
        return operator.command(device, "ping", Map.of());
    }

    /** Each command came to its end, each complaint was heard, and no number is missing. */
    private void awaitAllOfIt() {
        await("an end of each command", () -> asked.stream()
                .allMatch(ping -> !operator.ends(ping).isEmpty()));
        await("each event", () -> provoked.stream().allMatch(this::isComplainedOf));
        await("all that was numbered", () -> account().isWhole());
        asked.clear();
    }

    private boolean isComplainedOf(String topic) {
        return !operator.all(heard -> heard.topic().equals(device + "/event/security")
                        && heard.body().optionalString("topic").equals(Optional.of(topic)))
                .isEmpty();
    }

    private void await(String what, Callable<Boolean> condition) {
        try {
            Awaitility.await(what)
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(50))
                    .until(condition);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(what + ": " + account() + "; log:\n" + gateway.log(), e);
        }
    }

    Account account() {
        return new Account(device, operator.all(heard -> true));
    }

    /** Waits until the gateway says something in its log, after so much of it. */
    void awaitLog(int mark, String text) {
        await(
                "the log says \"" + text + '"',
                () -> gateway.log().substring(mark).contains(text));
    }

    int logMark() {
        return gateway.log().length();
    }

    /** Waits until it told of this trouble with its flash. */
    void awaitStorageEvent(int mark, String type) {
        await("event/storage " + type, () -> !operator.since(
                        mark,
                        heard -> heard.topic().equals(device + "/event/storage")
                                && heard.body().string("type").equals(type))
                .isEmpty());
    }

    /** Nobody reaches the broker for so long. */
    void away(Duration time) {
        proxy.refuse(true);
        proxy.cut();
        LockSupport.parkNanos(time.toNanos());
        proxy.refuse(false);
    }

    /** To be called before a process ends whose memory is to count. */
    void checkMemory() throws IOException {
        peakKib = Math.max(peakKib, Vitals.peakKib(gateway.java().pid()));
        assertTrue(peakKib <= Reliability.MOST_KIB, () -> peakKib + " KiB of memory; log:\n" + gateway.log());
        // A class that could not be loaded once, for want of memory or file handles, is lost to its process.
        for (String end : List.of("OutOfMemoryError", "NoClassDefFoundError", "ExceptionInInitializerError")) {
            assertFalse(gateway.log().contains(end), gateway::log);
        }
    }

    @Override
    public void close() {
        gateway.close();
        operator.close();
        proxy.close();
        broker.close();
    }
}
