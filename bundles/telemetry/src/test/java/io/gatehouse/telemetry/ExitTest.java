package io.gatehouse.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outbox;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ExitTest {
    private final Exit exit = new Exit();

    @Test
    void whatComesWhileThereIsNoOutboxGoesToTheNextInOrder() {
        exit.send(to -> to.event("one", Map.of()));
        exit.send(to -> to.event("two", Map.of()));
        Taking outbox = new Taking();
        exit.open(outbox);
        exit.send();
        assertEquals(List.of("one", "two"), outbox.events);
    }

    @Test
    void whatMeetsAnOutboxThatWasReplacedGoesToTheNextBeforeWhatIsYounger() {
        exit.open(new Taking() {
            @Override
            public void event(String name, Map<String, ?> body) {
                throw new IllegalStateException("another took its place");
            }
        });
        exit.send(to -> to.event("failing", Map.of()));
        exit.send(to -> to.event("recovered", Map.of()));
        Taking next = new Taking();
        exit.open(next);
        exit.send();
        assertEquals(List.of("failing", "recovered"), next.events);
    }

    @Test
    void whatAnOutboxWillNotHaveHoldsNothingUp() {
        Taking outbox = new Taking() {
            @Override
            public void event(String name, Map<String, ?> body) {
                if (name.equals("bad")) {
                    throw new IllegalArgumentException(name);
                }
                super.event(name, body);
            }
        };
        exit.open(outbox);
        exit.send(to -> to.event("bad", Map.of()));
        exit.send(to -> to.event("good", Map.of()));
        assertEquals(List.of("good"), outbox.events);
    }

    @Test
    void whatIsSentWhileSomethingIsSentComesAfterIt() {
        Taking outbox = new Taking();
        exit.open(outbox);
        exit.send(to -> {
            exit.send(other -> other.event("second", Map.of()));
            to.event("first", Map.of());
        });
        assertEquals(List.of("first", "second"), outbox.events);
    }

    private static class Taking implements Outbox {
        final List<String> events = new ArrayList<>();

        @Override
        public void observation(String topic, Instant at, Map<String, ?> body, boolean alsoAtPlace) {}

        @Override
        public void event(String name, Map<String, ?> body) {
            events.add(name);
        }

        @Override
        public void report(String resource, Map<String, ?> body) {}

        @Override
        public void send(Message message) {}
    }
}
