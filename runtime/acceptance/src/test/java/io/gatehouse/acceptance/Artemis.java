package io.gatehouse.acceptance;

import io.gatehouse.broker.Broker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The project's own broker, Apache Artemis, with its journal in a directory. */
public final class Artemis extends BrokerProcess {
    private final Path data;

    public Artemis(Path data) throws IOException {
        this.data = data;
    }

    @Override
    public void forget() throws IOException {
        empty(data);
    }

    @Override
    protected Child launch() throws IOException {
        return Child.java(Broker.class.getName(), List.of("--port", String.valueOf(port()), "--data", data.toString()));
    }
}
