package io.gatehouse.api.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MessageTest {
    @Test
    void eachWordAddsItsOwnAndKeepsTheOthers() {
        byte[] payload = {1};
        Message message = Message.json("t", payload)
                .withProperties(Map.of("a", "b"))
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
        assertEquals(Map.of("a", "b"), message.properties());
    }

    @Test
    void propertiesCannotBeChanged() {
        Map<String, String> properties = new HashMap<>(Map.of("a", "b"));
        Message message = Message.json("t", new byte[0]).withProperties(properties);
        properties.put("c", "d");
        assertEquals(Map.of("a", "b"), message.properties());
        assertThrows(
                UnsupportedOperationException.class, () -> message.properties().clear());
    }
}
