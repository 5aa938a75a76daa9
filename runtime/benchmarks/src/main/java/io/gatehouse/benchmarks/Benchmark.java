package io.gatehouse.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.eclipse.paho.mqttv5.common.MqttException;

/** Measures one thing. */
interface Benchmark {
    /** The name by which it is chosen. */
    String name();

    /** How it is measured, for the reader of the figures. */
    String method();

    /** What this machine lacks for it and how it is had, in words; nothing where it can be run. */
    default Optional<String> missing() {
        return Optional.empty();
    }

    /** Measures. */
    List<Row> run(Bench bench) throws IOException, InterruptedException, MqttException;
}
