package io.gatehouse.acceptance;

import io.gatehouse.broker.Broker;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** The project's own broker, Apache Artemis, with its journal in a directory. */
public final class Artemis extends BrokerProcess {
    private final Path data;
    private final String protocols;

    public Artemis(Path data) throws IOException {
        this(data, "MQTT");
    }

    private Artemis(Path data, String protocols) throws IOException {
        this.data = data;
        this.protocols = protocols;
    }

    /** One that speaks AMQP too, at the same port. */
    static Artemis speakingAmqp(Path data) throws IOException {
        return new Artemis(data, "MQTT,AMQP");
    }

    /** Its address for who speaks AMQP. */
    URI amqp() {
        return URI.create("amqp://127.0.0.1:" + port());
    }

    @Override
    public void forget() throws IOException {
        empty(data);
    }

    @Override
    protected Child launch() throws IOException {
        return Child.java(
                Broker.class.getName(),
                List.of("--port", String.valueOf(port()), "--data", data.toString(), "--protocols", protocols));
    }
}
