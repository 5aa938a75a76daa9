package io.gatehouse.benchmarks;

import java.io.IOException;
import java.util.List;
import org.eclipse.paho.mqttv5.common.MqttException;

/** Measures one thing. */
interface Benchmark {
    /** The name by which it is chosen. */
    String name();

    /** How it is measured, for the reader of the figures. */
    String method();

    /** Measures. */
    List<Row> run(Bench bench) throws IOException, InterruptedException, MqttException;
}
