package io.gatehouse.benchmarks;

import io.gatehouse.protocol.trust.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.mqttv5.common.MqttException;

/** A thousand devices that fetch one firmware from one broker: what that does to the broker, and to others there. */
final class FirmwareFleet implements Benchmark {
    private static final String SCOPE = "bench/fleet";
    private static final Path COMMAND = Path.of("bundles/cli/target/gatehouse/bin/gatehouse");
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final long RATE = 256 << 10;
    private static final double MIB = 1 << 20;

    @Override
    public String name() {
        return "firmware-fleet";
    }

    @Override
    public String method() {
        return "**Firmware of a fleet**: 1000 devices (200 with `--quick`), light clients on one thread that fetch by the gateway's rules"
                + " over links of 256 KiB/s each, take an image of 1 MiB from `gatehouse firmware set`, all at once; each run has a broker"
                + " of its own. Without a bound, `--under-way` is as much as there is; with it, 64 MiB (16 with `--quick`), which is what counts"
                + " without the option. Spread, they begin within 20 s. The heartbeat is a message of 8 bytes between two other clients, 20 times"
                + " a second; before the firmware it is measured for 5 s with all devices connected. The broker's memory is the"
                + " most that was resident (`VmHWM`) over what it had with all connected.";
    }

    /** What one run found. */
    private record Found(double seconds, double memory, double longest, double usual, double idle) {}

    @Override
    public List<Row> run(Bench bench) throws IOException, InterruptedException, MqttException {
        if (!Files.isExecutable(COMMAND)) {
            throw new IOException("there is no gatehouse in " + COMMAND + ": make it with ./dev build");
        }
        int devices = bench.quick() ? 200 : 1000;
        long room = (bench.quick() ? 16L : 64L) << 20;
        Path image = bench.work().resolve("image");
        byte[] bytes = new byte[1 << 20];
        new Random(3).nextBytes(bytes);
        Files.write(image, bytes);
        SigningKey.generate().write(bench.work().resolve("firmware.key"));
        Found unbounded = run(bench, devices, Long.MAX_VALUE, Duration.ZERO);
        Found bounded = run(bench, devices, room, Duration.ZERO);
        Found spread = run(bench, devices, room, Duration.ofSeconds(20));
        String what = "firmware of 1 MiB to " + devices + " devices";
        return List.of(
                held(what + ": broker's memory", "MiB", bounded.memory(), unbounded.memory(), Row.atMost(0.6)),
                held(what + ": until all have it", "s", bounded.seconds(), unbounded.seconds(), Row.atMost(1.3)),
                held(what + ": foreign message, 99 of 100", "ms", bounded.usual(), unbounded.usual(), Row.atMost(1.2)),
                Row.noted(what + ": foreign message, longest", "ms", Sample.of(bounded.longest())),
                Row.noted(what + ": foreign message, longest before it", "ms", Sample.of(bounded.idle())),
                Row.noted(what + ": served", "MiB/s", Sample.of(devices / bounded.seconds())),
                Row.noted(what + ", begun within 20 s: foreign message, longest", "ms", Sample.of(spread.longest())),
                Row.noted(what + ", begun within 20 s: until all have it", "s", Sample.of(spread.seconds())));
    }

    private static Row held(String what, String unit, double bounded, double unbounded, Row.Target target) {
        return Row.against("no bound", what, unit, Sample.of(bounded), Sample.of(unbounded), target);
    }

    private static Found run(Bench bench, int devices, long underWay, Duration spread)
            throws IOException, InterruptedException, MqttException {
        Path work = Files.createTempDirectory(bench.work(), "fleet");
        Path program = Mosquitto.installed().orElseThrow();
        try (Mosquitto broker = Mosquitto.start(program, work);
                Heartbeat heartbeat = new Heartbeat(broker.uri());
                Herd herd = new Herd(broker.uri(), SCOPE, devices, RATE, spread)) {
            herd.awaitSubscribed(PATIENCE);
            heartbeat.take();
            TimeUnit.SECONDS.sleep(bench.quick() ? 2 : 5);
            double idle = Heartbeat.longest(heartbeat.take());
            long before = broker.memory("VmRSS");
            long began = System.nanoTime();
            try (Running command = Running.start(
                    command(bench, broker, underWay),
                    Map.of("JAVA_HOME", System.getProperty("java.home")),
                    work.resolve("gatehouse.log"))) {
                herd.awaitThrough(PATIENCE);
                double seconds = (System.nanoTime() - began) / 1e9;
                List<Double> beats = heartbeat.take();
                command.awaitEnd();
                double memory = (broker.memory("VmHWM") - before) / MIB;
                Found found = new Found(seconds, memory, Heartbeat.longest(beats), Heartbeat.usual(beats), idle);
                bench.say("firmware-fleet: at most " + underWay + " bytes under way, begun within " + spread.toSeconds()
                        + " s: " + found);
                return found;
            }
        }
    }

    private static List<String> command(Bench bench, Mosquitto broker, long underWay) {
        List<String> words = new ArrayList<>(List.of(COMMAND.toAbsolutePath().toString(), "firmware", "set"));
        words.add(bench.work().resolve("image").toString());
        words.addAll(List.of("--version", "V2", "--sequence", "2", "--compatible", "bench", "--to", SCOPE));
        words.addAll(List.of("--key", bench.work().resolve("firmware.key").toString()));
        words.addAll(List.of("--under-way", Long.toString(underWay), "--timeout", "600s"));
        words.addAll(List.of("--broker", broker.uri().toString()));
        return words;
    }
}
