package io.gatehouse.acceptance;

import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.Feature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A broker, a proxy before it that counts, a gateway behind that, and an operator. */
final class Story implements AutoCloseable {
    /** Set by a feature, in place of the usual half minute. */
    static final Duration WILL_DELAY = Duration.ofSeconds(2);

    private static final Duration GRACE = Duration.ofSeconds(2);

    private final Optional<BrokerProcess> own;
    /** Short, so that the least of its observations fits into a packet of 256 bytes on a busy machine too. */
    private final String device = "dwr/311-a1/" + UUID.randomUUID().toString().substring(0, 8);

    private final Access broker;
    private final HostileProxy proxy;
    private final Operator operator;
    private final GatewayProcess gateway;
    private final Bundles bundles;
    private final TreeSet<String> desired = new TreeSet<>();

    private Story(Optional<BrokerProcess> own, Access broker, Path directory, Consumer<HostileProxy> mischief) {
        this.own = own;
        this.broker = broker;
        this.bundles = new Bundles(directory);
        this.proxy = new HostileProxy(broker);
        mischief.accept(proxy);
        this.operator = Operator.at(broker, device, device + "/#", "reply/#", "operator/#");
        this.gateway = GatewayProcess.start(proxy.uri(), device, directory.resolve("state"));
    }

    /** One with a proxy that only counts. */
    static Story at(Subject subject, Path directory) throws IOException {
        return at(subject, directory, proxy -> {});
    }

    static Story at(Subject subject, Path directory, Consumer<HostileProxy> mischief) throws IOException {
        Optional<BrokerProcess> own = Optional.empty();
        if (subject.factory().isPresent()) {
            own = Optional.of(subject.factory().get().in(Files.createDirectories(directory.resolve("broker"))));
            own.get().start();
        }
        Access broker =
                own.map(process -> Access.to(process.uri())).or(Subject::named).orElseThrow();
        // Fails at once, with the reason, where the broker does not let the tests in.
        new Probe(broker).limits();
        return new Story(own, broker, directory, mischief);
    }

    Optional<BrokerProcess> own() {
        return own;
    }

    Probe probe() {
        return new Probe(broker);
    }

    String device() {
        return device;
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

    Bundles bundles() {
        return bundles;
    }

    /** As the gateway calls itself before a broker. */
    String clientId() {
        return "gatehouse-" + device.replace('/', ':');
    }

    /** Wants it at the device, and waits for the report of its end. */
    Members desire(String name, Feature feature) {
        String topic = device + "/desired/feature/" + name;
        desired.add(topic);
        return operator.ended(device, topic, operator.desire(device, name, feature));
    }

    /** A feature with a collector of this version, a will that comes early, and these bundles. */
    Feature rain(String version, Path... more) {
        List<Path> all = new ArrayList<>(List.of(more));
        all.add(bundles.collector("rain", version));
        return operator.feature(
                "com.acme:rain:" + version,
                Map.of("io.gatehouse.transport.mqtt", Map.of("willDelay", WILL_DELAY.toString())),
                all.toArray(Path[]::new));
    }

    void awaitRain(int mark, String version) {
        operator.await(
                "rain " + version,
                mark,
                heard -> heard.topic().equals(device + "/example/rain")
                        && heard.body().string("version").equals(version));
    }

    /** Kills the gateway, and waits until the broker knows: what it had begun to send before it would send again. */
    void cutGateway() {
        gateway.cut();
        Awaitility.await("the connection ends").until(() -> proxy.open() == 0);
        Awaitility.await("the broker goes on").until(operator::hears);
    }

    /** Sends a ping that is of use for so long; where its answer will be. */
    String ping(Duration expiry) {
        return operator.ask(device, "ping", Map.of(), expiry);
    }

    /** Sends a ping and waits for its answer. */
    void awaitPing() {
        operator.command(device, "ping", Map.of());
    }

    boolean isAnswered(String ping) {
        return happens(GRACE, () -> !operator.ends(ping).isEmpty());
    }

    void awaitOnline(int mark) {
        operator.await("online", mark, heard -> isStatus(heard, "online"));
    }

    /** Whether the broker says that the gateway left, in the time in which it has to. */
    boolean isSeenLeaving(int mark) {
        return happens(WILL_DELAY.plusSeconds(3), () -> !operator.since(mark, heard -> isStatus(heard, "offline"))
                .isEmpty());
    }

    /** Whether nobody is told that the gateway left, for longer than the broker would wait with it. */
    boolean isNotSeenLeaving(int mark) {
        return !happens(WILL_DELAY.plusSeconds(1), () -> !operator.since(mark, heard -> isStatus(heard, "offline"))
                .isEmpty());
    }

    private boolean isStatus(Operator.Heard heard, String state) {
        return heard.topic().equals(device + "/status")
                && heard.body().string("state").equals(state);
    }

    /** Waits until of all that was observed since this moment, in each boot, nothing is missing. */
    void awaitNoGap(Instant since) {
        Awaitility.await("observations without a gap")
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> gaps(since), Map::isEmpty);
    }

    /** The numbers that are missing between the first and the last of each boot that were observed since this moment. */
    Map<String, TreeSet<Long>> gaps(Instant since) {
        Map<String, TreeMap<Long, Instant>> boots = new HashMap<>();
        for (Operator.Heard heard : operator.all(this::isNumbered)) {
            boots.computeIfAbsent(heard.properties().get("boot"), any -> new TreeMap<>())
                    .put(
                            Long.parseLong(heard.properties().get("seq")),
                            Instant.parse(heard.body().string("at")));
        }
        Map<String, TreeSet<Long>> gaps = new HashMap<>();
        boots.forEach((boot, seqs) -> {
            seqs.values().removeIf(at -> at.isBefore(since));
            TreeSet<Long> missing = new TreeSet<>();
            for (long seq = seqs.isEmpty() ? 1 : seqs.firstKey(); !seqs.isEmpty() && seq < seqs.lastKey(); seq++) {
                if (!seqs.containsKey(seq)) {
                    missing.add(seq);
                }
            }
            if (!missing.isEmpty()) {
                gaps.put(boot, missing);
            }
        });
        return gaps;
    }

    private boolean isNumbered(Operator.Heard heard) {
        return heard.topic().startsWith(device + "/") && heard.properties().containsKey("seq");
    }

    /** Waits until something arrives that was observed after this moment. */
    void awaitObservedAfter(Instant moment) {
        operator.await(
                "what was observed after " + moment,
                heard -> isNumbered(heard)
                        && Instant.parse(heard.body().string("at")).isAfter(moment));
    }

    static boolean happens(Duration patience, Callable<Boolean> condition) {
        try {
            Awaitility.await()
                    .atMost(patience)
                    .pollInterval(Duration.ofMillis(20))
                    .until(condition);
            return true;
        } catch (ConditionTimeoutException e) {
            return false;
        }
    }

    /** How much memory the gateway's Java has, in KiB. */
    long residentKib() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + gateway.java().pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    /** Leaves nothing at a broker that is not ours. */
    @Override
    public void close() {
        gateway.close();
        if (own.isEmpty()) {
            new Probe(broker).endSession(clientId());
            desired.forEach(topic -> operator.publish(topic, new byte[0], true));
            operator.publish(device + "/desired/trust", new byte[0], true);
            operator.publish(device + "/status", new byte[0], true);
            operator.publish(device + "/reported/feature", new byte[0], true);
        }
        operator.close();
        proxy.close();
        own.ifPresent(BrokerProcess::close);
    }

    /** What the tests asked a gateway to run must have come to one end each. */
    List<Integer> ends(List<String> pings) {
        return pings.stream().map(ping -> operator.ends(ping).size()).toList();
    }
}
