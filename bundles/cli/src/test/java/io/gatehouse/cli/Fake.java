package io.gatehouse.cli;

import io.gatehouse.api.message.Endpoint;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outgoing;
import io.gatehouse.api.message.TransportProvider;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** Somebody at the broker without a session or a will, who hears, and publishes by himself. */
interface Fake extends Endpoint {
    /** From here on he hears. */
    default TransportProvider.Connection connect(MemoryBroker broker) {
        return broker.open(MemoryBroker.ADDRESS, this, new Silence());
    }

    @Override
    default Duration sessionExpiry() {
        return Duration.ZERO;
    }

    @Override
    default Optional<Message> online() {
        return Optional.empty();
    }

    @Override
    default Optional<Message> will() {
        return Optional.empty();
    }

    @Override
    default void connected(Runnable filtersChanged) {}

    @Override
    default void disconnected(String why) {}

    /** Nothing to take, ever. */
    final class Silence implements Outgoing {
        @Override
        public Parcel take() throws InterruptedException {
            new CountDownLatch(1).await();
            throw new IllegalStateException("never");
        }
    }
}
