package io.gatehouse.demo;

import io.gatehouse.broker.BrokerUnavailable;
import io.gatehouse.broker.EmbeddedBroker;
import java.net.BindException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** Starts the broker, at MQTT's port where that is free and nobody asked for another. */
final class OwnBroker {
    private static final int MQTT = 1883;
    private static final int TRIED = 16;

    private OwnBroker() {}

    static EmbeddedBroker start(Optional<Integer> asked, Optional<Path> data, Consumer<String> note)
            throws BrokerUnavailable {
        if (asked.isPresent()) {
            return EmbeddedBroker.start(asked.get(), data);
        }
        for (int port = MQTT; port < MQTT + TRIED; port++) {
            try {
                EmbeddedBroker broker = EmbeddedBroker.start(port, data);
                if (port != MQTT) {
                    note.accept("port " + MQTT + " is taken; the broker listens at " + port);
                }
                return broker;
            } catch (BrokerUnavailable e) {
                if (!(e.getCause() instanceof BindException)) {
                    throw e;
                }
            }
        }
        return EmbeddedBroker.start(0, data);
    }
}
