package io.gatehouse.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.mqttv5.common.MqttException;

/** Resident memory some time after the start. */
final class Memory implements Benchmark {
    private static final double MIB = 1 << 20;

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public String method() {
        return "**Memory**: `VmRSS` of the Java process, 60 s after its start (10 s with `--quick`), with nothing but its own"
                + " collectors to do. All of them wait through the same minute.";
    }

    @Override
    public List<Row> run(Bench bench) throws IOException, InterruptedException, MqttException {
        Optional<Program> peer = bench.programs().peer();
        List<Double> floors = new ArrayList<>();
        List<Double> gateways = new ArrayList<>();
        List<Double> peers = new ArrayList<>();
        for (int round = 0; round < bench.rounds(3, 1); round++) {
            try (Running floor = bench.programs().floor("observe").start();
                    Running gateway = bench.programs().gateway("memory").start()) {
                if (peer.isPresent()) {
                    try (Running karaf = peer.get().start()) {
                        settle(bench);
                        peers.add(karaf.memory("VmRSS") / MIB);
                    }
                } else {
                    settle(bench);
                }
                floors.add(floor.memory("VmRSS") / MIB);
                gateways.add(gateway.memory("VmRSS") / MIB);
            }
            bench.say("memory: floor " + floors + ", gateway " + gateways + ", Karaf " + peers);
        }
        List<Row> rows = new ArrayList<>();
        Sample gateway = new Sample(gateways);
        rows.add(Row.against("floor", "resident memory", "MiB", gateway, new Sample(floors), Row.atMost(1.6)));
        peer.ifPresent(program -> rows.add(
                Row.against(program.name(), "resident memory", "MiB", gateway, new Sample(peers), Row.atMost(0.45))));
        return rows;
    }

    private static void settle(Bench bench) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(Duration.ofSeconds(bench.quick() ? 10 : 60).toMillis());
    }
}
