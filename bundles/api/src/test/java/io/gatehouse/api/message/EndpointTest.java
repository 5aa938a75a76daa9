package io.gatehouse.api.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EndpointTest {
    @Test
    void endpointWhoseFiltersStayIsToldThatItIsConnectedAllTheSame() {
        Fixed endpoint = new Fixed();
        endpoint.connected(() -> {
            throw new AssertionError("its filters did not change");
        });
        assertEquals(1, endpoint.connections);
    }

    private static final class Fixed implements Endpoint {
        private int connections;

        @Override
        public String clientId() {
            return "fixed";
        }

        @Override
        public Duration sessionExpiry() {
            return Duration.ZERO;
        }

        @Override
        public List<String> filters() {
            return List.of();
        }

        @Override
        public Optional<Message> online() {
            return Optional.empty();
        }

        @Override
        public Optional<Message> will() {
            return Optional.empty();
        }

        @Override
        public void receive(Message message) {}

        @Override
        public void connected() {
            connections++;
        }

        @Override
        public void disconnected(String why) {}
    }
}
