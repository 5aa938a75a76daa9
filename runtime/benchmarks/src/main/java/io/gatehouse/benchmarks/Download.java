package io.gatehouse.benchmarks;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.protocol.ArtifactRequest;
import io.gatehouse.protocol.Feature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/** An artifact fetched over MQTT: bytes a second, and memory. */
final class Download implements Benchmark {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String DEVICE = Programs.GATEWAY_DEVICE;
    private static final double MIB = 1 << 20;

    @Override
    public String name() {
        return "artifact";
    }

    @Override
    public String method() {
        return "**Artifact**: a bundle of 64 MiB (16 MiB with `--quick`) comes in a feature, served over MQTT by stock Paho;"
                + " from the gateway's first request until the whole of it is verified and synced in its store. The floor is"
                + " another process with stock Paho that takes as many bytes in messages of 64 KiB from the same sender, "
                + ArtifactServer.WINDOW
                + " on their way, and drops them. Memory is the most that was resident (`VmHWM`)"
                + " through a whole deployment, against that with a bundle of an eighth of the size.";
    }

    @Override
    public List<Row> run(Bench bench) throws IOException, InterruptedException, MqttException {
        long size = (bench.quick() ? 16L : 64L) << 20;
        PlugIns plugIns = new PlugIns(Files.createDirectories(bench.work().resolve("ballast")));
        Random random = new Random(1);
        List<Double> floors = new ArrayList<>();
        List<Double> gateways = new ArrayList<>();
        List<Double> small = new ArrayList<>();
        List<Double> large = new ArrayList<>();
        try (Operator operator = Operator.at(
                        bench.broker(), DEVICE + "/reported/#", DEVICE + "/artifact/get", DEVICE + Start.TOPIC);
                Running gateway = bench.programs().gateway("artifact").start()) {
            operator.await("the gateway; see " + gateway.log(), 0, PATIENCE, message -> message.topic()
                    .equals(DEVICE + Start.TOPIC));
            for (int round = 0; round < bench.rounds(5, 1); round++) {
                Path little = plugIns.ballast("bench.little", "1.0." + round, size / 8, random);
                gateway.forgetPeak();
                fetch(bench, operator, "little", little);
                small.add(gateway.memory("VmHWM") / MIB);
                Path whole = plugIns.ballast("bench.whole", "1.0." + round, size, random);
                gateway.forgetPeak();
                gateways.add(fetch(bench, operator, "whole", whole));
                large.add(gateway.memory("VmHWM") / MIB);
                floors.add(floor(bench, size));
                bench.say("artifact: floor " + floors + ", gateway " + gateways + " MiB/s, memory " + large);
            }
        }
        String what = "artifact over MQTT, " + (size >> 20) + " MiB";
        return List.of(
                Row.against("floor", what, "MiB/s", new Sample(gateways), new Sample(floors), Row.atLeast(0.7)),
                Row.against(
                        (size >> 23) + " MiB",
                        what + ": most resident memory",
                        "MiB",
                        new Sample(large),
                        new Sample(small),
                        Row.atMost(1.1)));
    }

    /** Lets the gateway fetch it, and takes it away again; MiB a second. */
    private static double fetch(Bench bench, Operator operator, String name, Path bundle)
            throws IOException, InterruptedException, MqttException {
        Feature feature = operator.feature(bundle);
        Path stored = bench.work()
                .resolve("artifact/artifacts")
                .resolve(Sha256.of(bundle).hex());
        int mark = operator.mark();
        Arrival arrival = new Arrival(stored);
        Thread watcher = new Thread(arrival, "arrival");
        watcher.start();
        operator.apply(DEVICE, name, feature, PATIENCE);
        watcher.join();
        Heard first = operator.await(
                "a request", mark, PATIENCE, message -> message.topic().equals(DEVICE + "/artifact/get"));
        operator.remove(DEVICE, name, PATIENCE);
        return Files.size(bundle) / MIB / ((arrival.nanos() - first.nanos()) / 1e9);
    }

    /** Waits for a file; it appears by a rename, whole. */
    private static final class Arrival implements Runnable {
        private final Path file;
        private volatile long nanos;

        Arrival(Path file) {
            this.file = file;
        }

        long nanos() {
            if (nanos == 0) {
                throw new IllegalStateException(file + " did not arrive within " + PATIENCE.toSeconds() + " s");
            }
            return nanos;
        }

        @Override
        public void run() {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            try {
                while (System.nanoTime() < deadline) {
                    if (Files.exists(file)) {
                        nanos = System.nanoTime();
                        return;
                    }
                    TimeUnit.MILLISECONDS.sleep(1);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** MiB a second, from the first message's leaving until the receiver says that it has the last. */
    private static double floor(Bench bench, long size) throws IOException, InterruptedException, MqttException {
        MqttAsyncClient client = Operator.connected(bench.broker());
        try (Operator operator = Operator.at(
                        bench.broker(), Programs.FLOOR_DEVICE + "/ready", Programs.FLOOR_DEVICE + "/drained");
                ArtifactServer sender = new ArtifactServer(client);
                Running floor =
                        bench.programs().floor("drain", Long.toString(size)).start()) {
            operator.await("the floor; see " + floor.log(), 0, PATIENCE, message -> message.topic()
                    .equals(Programs.FLOOR_DEVICE + "/ready"));
            byte[] chunk = new byte[ArtifactRequest.LARGEST_CHUNK];
            new Random(2).nextBytes(chunk);
            long began = System.nanoTime();
            for (long sent = 0; sent < size; sent += chunk.length) {
                sender.send(Programs.FLOOR_DEVICE + "/artifact/data", chunk, new MqttProperties());
            }
            Heard end = operator.await("the last byte", 0, PATIENCE, message -> message.topic()
                    .equals(Programs.FLOOR_DEVICE + "/drained"));
            return size / MIB / ((end.nanos() - began) / 1e9);
        } finally {
            client.disconnectForcibly(1000, 1000, true);
            client.close(true);
        }
    }
}
