package io.gatehouse.api.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MessageTest {
    @Test
    void eachWordAddsItsOwnAndKeepsTheOthers() {
        byte[] payload = {1};
        Message message = Message.json("t", payload)
                .with("a", "b")
                .answeredAt("reply/x", new byte[] {1})
                .expiring(Duration.ofSeconds(5))
                .retained()
                .answering(new byte[] {2});
        assertEquals("t", message.topic());
        assertSame(payload, message.payload());
        assertEquals(Message.JSON, message.contentType());
        assertTrue(message.retain());
        assertEquals(Optional.of("reply/x"), message.responseTopic());
        assertArrayEquals(new byte[] {2}, message.correlation().orElseThrow());
        assertEquals(Optional.of(Duration.ofSeconds(5)), message.expiry());
        assertEquals(UserProperties.none().and("a", "b"), message.properties());
    }

    @Test
    void aNameMayComeMoreThanOnceAndTheFirstCounts() {
        UserProperties properties =
                UserProperties.none().and("jws", "one").and("x", "y").and("jws", "two");
        assertEquals(Optional.of("one"), properties.first("jws"));
        assertEquals(List.of("one", "two"), properties.all("jws"));
        assertEquals(Optional.empty(), properties.first("nobody"));
        assertEquals(List.of(), properties.all("nobody"));
        List<String> order = new ArrayList<>();
        properties.forEach((name, value) -> order.add(name + "=" + value));
        assertEquals(List.of("jws=one", "x=y", "jws=two"), order);
    }

    @Test
    void propertiesCannotBeChanged() {
        List<UserProperties.Pair> pairs = new ArrayList<>(List.of(new UserProperties.Pair("a", "b")));
        UserProperties properties = new UserProperties(pairs);
        pairs.clear();
        properties.and("c", "d");
        assertEquals(UserProperties.of(Map.of("a", "b")), properties);
    }
}
