package io.gatehouse.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.gatehouse.api.device.Device;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outbox;
import io.gatehouse.software.Complaint;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PathProofTest {
    private final List<Message> sent = new ArrayList<>();
    private Consumer<Message> broker = message -> {};

    @Test
    void hasNothingToSayWhereTheManagementPathIsNotTouched() throws InterruptedException {
        assertEquals(List.of(), proof(Duration.ofSeconds(5)).complaints(Set.of("com.acme.modbus")));
        assertEquals(List.of(), proof(Duration.ofSeconds(5)).complaints(Set.of()));
        assertEquals(0, sent.size());
    }

    @Test
    void isContentWhenItsMessageComesBack() throws InterruptedException {
        PathProof proof = proof(Duration.ofSeconds(15));
        broker = proof::receive;
        assertEquals(List.of(), proof.complaints(Set.of("io.gatehouse.outbox", "x")));
        assertEquals("dwr/311/7/self", sent.get(0).topic());
        assertEquals(List.of(), proof.complaints(Set.of("io.gatehouse.outbox")));
    }

    @Test
    void asksAlsoWhereAPartOfTheManagementPathIsConfiguredAnew() throws InterruptedException {
        assertEquals(
                1,
                proof(Duration.ofMillis(20))
                        .complaints(Set.of("io.gatehouse.outbox.uplink"))
                        .size());
        assertEquals(List.of(), proof(Duration.ofMillis(20)).complaints(Set.of("io.gatehouse.outboxes")));
    }

    @Test
    void anEarlierSilenceDoesNotExcuseALaterOne() throws InterruptedException {
        PathProof proof = proof(Duration.ofMillis(20));
        List<Complaint> first = proof.complaints(Set.of("io.gatehouse.outbox"));
        List<Complaint> second = proof.complaints(Set.of("io.gatehouse.outbox"));
        assertEquals(1, first.size());
        assertEquals(1, second.size());
        assertNotEquals(first, second);
    }

    @Test
    void isNotDeceivedByOtherMessages() throws InterruptedException {
        for (UnaryOperator<String> forged : List.<UnaryOperator<String>>of(
                text -> "", text -> "{}", text -> "{\"nonce\":7}", text -> text.replace("beef", "feeb"))) {
            PathProof proof = proof(Duration.ofMillis(20));
            broker = message -> {
                String text = forged.apply(new String(message.payload(), StandardCharsets.UTF_8));
                proof.receive(Message.json(message.topic(), text.getBytes(StandardCharsets.UTF_8)));
            };
            assertEquals(1, proof.complaints(Set.of("io.gatehouse.outbox")).size());
        }
    }

    private PathProof proof(Duration patience) {
        Device device = new Device() {
            @Override
            public String name() {
                return "dwr/311/7";
            }

            @Override
            public Optional<String> place() {
                return Optional.empty();
            }

            @Override
            public String boot() {
                return "00000000deadbeef";
            }

            @Override
            public List<String> scopes() {
                return List.of("dwr", "dwr/311", "dwr/311/7");
            }
        };
        Outbox outbox = new Outbox() {
            @Override
            public void observation(String topic, Instant at, Map<String, ?> body, boolean alsoAtPlace) {}

            @Override
            public void event(String name, Map<String, ?> body) {}

            @Override
            public void report(String resource, Map<String, ?> body) {}

            @Override
            public void send(Message message) {
                sent.add(message);
                broker.accept(message);
            }
        };
        return new PathProof(
                device,
                outbox,
                () -> Set.of("io.gatehouse.outbox", "io.gatehouse.api"),
                patience,
                Clock.systemUTC(),
                new SplittableRandom(7));
    }
}
