package io.gatehouse.benchmarks;

import io.gatehouse.protocol.Feature;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.paho.mqttv5.common.MqttException;

/** A collector's bundle replaced over MQTT again and again: how long nothing is read, and whether anything is lost. */
final class Swap implements Benchmark {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The shortest period that there is. */
    private static final Duration PERIOD = Duration.ofMillis(100);

    private static final String DEVICE = Programs.GATEWAY_DEVICE;
    private static final String TOPIC = DEVICE + "/bench/swapped";
    private static final String SOURCE = """
            @org.osgi.service.component.annotations.Component
            @io.gatehouse.api.telemetry.Publishes(topic = "bench/swapped", period = "PT0.1S")
            public class Swapped implements io.gatehouse.api.telemetry.Collector {
                public io.gatehouse.api.telemetry.Reading read() {
                    return io.gatehouse.api.telemetry.Reading.of("version", "%s");
                }
            }
            """;

    @Override
    public String name() {
        return "swap";
    }

    @Override
    public String method() {
        return "**Swap**: a collector that is read every " + PERIOD.toMillis() + " ms (the shortest period there is) is"
                + " replaced over MQTT by another version and back, 20 times. The gap is from `at` of the old one's last"
                + " reading to `at` of the new one's first, less the period. Lost and duplicated are counted by `seq` over all"
                + " observations and events of the device meanwhile.";
    }

    @Override
    public List<Row> run(Bench bench) throws IOException, InterruptedException, MqttException {
        PlugIns plugIns = new PlugIns(Files.createDirectories(bench.work().resolve("swap")));
        List<Double> gaps = new ArrayList<>();
        try (Operator operator = Operator.at(bench.broker(), DEVICE + "/#")) {
            List<Feature> versions = List.of(
                    operator.feature(plugIns.bundle("bench.swapped", "1.0.0", "Swapped", SOURCE.formatted("1"))),
                    operator.feature(plugIns.bundle("bench.swapped", "2.0.0", "Swapped", SOURCE.formatted("2"))));
            try (Running gateway = bench.programs().gateway("swap").start()) {
                operator.await("the gateway; see " + gateway.log(), 0, PATIENCE, message -> message.topic()
                        .equals(DEVICE + Start.TOPIC));
                operator.apply(DEVICE, "swapped", versions.get(0), PATIENCE);
                int mark = operator.mark();
                for (int swap = 1; swap <= bench.rounds(20, 4); swap++) {
                    gaps.add(swap(operator, versions.get(swap % 2), swap % 2 + 1));
                }
                bench.say("swap: " + gaps);
                List<Heard> all = operator.since(mark);
                operator.remove(DEVICE, "swapped", PATIENCE);
                return rows(new Sample(gaps), all);
            }
        }
    }

    private static double swap(Operator operator, Feature feature, int version)
            throws InterruptedException, MqttException {
        int mark = operator.mark();
        operator.await("a reading", mark, PATIENCE, message -> message.topic().equals(TOPIC));
        operator.apply(DEVICE, "swapped", feature, PATIENCE);
        operator.await("a reading of version " + version, mark, PATIENCE, message -> isReading(message, version));
        Instant last = Instant.EPOCH;
        for (Heard message : operator.since(mark)) {
            if (isReading(message, version)) {
                return Duration.between(last, at(message)).minus(PERIOD).toMillis();
            }
            last = message.topic().equals(TOPIC) ? at(message) : last;
        }
        throw new IllegalStateException("no reading of version " + version);
    }

    private static boolean isReading(Heard message, int version) {
        return message.topic().equals(TOPIC) && message.body().string("version").equals(Integer.toString(version));
    }

    private static Instant at(Heard message) {
        return Instant.parse(message.body().string("at"));
    }

    private static List<Row> rows(Sample gaps, List<Heard> all) {
        Map<Long, Integer> counts = new TreeMap<>();
        all.stream()
                .map(message -> message.properties().get("seq"))
                .filter(seq -> seq != null)
                .forEach(seq -> counts.merge(Long.parseLong(seq), 1, Integer::sum));
        List<Long> seqs = new ArrayList<>(counts.keySet());
        long lost = seqs.get(seqs.size() - 1) - seqs.get(0) + 1 - seqs.size();
        long twice = counts.values().stream().filter(count -> count > 1).count();
        return List.of(
                Row.alone("collector replaced: reading gap", "ms", gaps, Row.atMost(50)),
                Row.alone(
                        "collector replaced: lost, of " + seqs.size(),
                        "messages",
                        Sample.of((double) lost),
                        Row.atMost(0)),
                Row.alone("collector replaced: duplicated", "messages", Sample.of((double) twice), Row.atMost(0)));
    }
}
