package io.gatehouse.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.paho.mqttv5.common.MqttException;

/** From the start of the process to its first observation at the broker. */
final class Start implements Benchmark {
    static final String TOPIC = "/hardware/loadavg";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Override
    public String name() {
        return "start";
    }

    @Override
    public String method() {
        return "**Start**: from just before the process is started (the gateway by its own script, Karaf by `bin/karaf daemon`)"
                + " until a subscriber has the first `hardware/loadavg`. Each was started once before; then they take turns."
                + " Gateway and floor each have an archive of their classes: the gateway's by `gatehouse-gateway archive`."
                + " The floor connects, reads `/proc/loadavg` and publishes, with stock Paho, whose connect sleeps 300 ms."
                + " Karaf starts the gateway's bundles at start level 80, its own default for what is installed in it.";
    }

    @Override
    public List<Row> run(Bench bench) throws IOException, InterruptedException, MqttException {
        List<Program> programs = new ArrayList<>(
                List.of(bench.programs().floor("observe"), bench.programs().gateway("start")));
        bench.programs().peer().ifPresent(programs::add);
        Map<String, List<Double>> millis = new LinkedHashMap<>();
        try (Operator operator = Operator.at(bench.broker(), "bench/+/1" + TOPIC)) {
            for (Program program : programs) {
                once(operator, program);
            }
            for (int round = 0; round < bench.rounds(7, 2); round++) {
                // the floor's archive of classes was made at the end of the start that does not count
                for (Program program : List.of(bench.programs().floor("observe"), programs.get(1))) {
                    add(millis, program, once(operator, program));
                }
                if (programs.size() > 2) {
                    add(millis, programs.get(2), once(operator, programs.get(2)));
                }
                bench.say("start: " + millis);
            }
        }
        return rows(millis);
    }

    private static void add(Map<String, List<Double>> millis, Program program, double value) {
        millis.computeIfAbsent(program.name(), name -> new ArrayList<>()).add(value);
    }

    private static double once(Operator operator, Program program) throws IOException, InterruptedException {
        int mark = operator.mark();
        try (Running running = program.start()) {
            Heard first = operator.await(
                    "the first observation of " + program.name() + "; see " + program.log(),
                    mark,
                    PATIENCE,
                    message -> message.topic().equals(program.device() + TOPIC));
            return (first.nanos() - running.began()) / 1e6;
        }
    }

    private static List<Row> rows(Map<String, List<Double>> millis) {
        String what = "start to first observation";
        List<Row> rows = new ArrayList<>();
        Sample gateway = new Sample(millis.getOrDefault("gateway", List.of()));
        millis.forEach((name, values) -> {
            if (!name.equals("gateway")) {
                Row.Target target = name.equals("floor") ? Row.atMost(1.3) : Row.atMost(0.2);
                rows.add(Row.against(name, what, "ms", gateway, new Sample(values), target));
            }
        });
        return rows;
    }
}
