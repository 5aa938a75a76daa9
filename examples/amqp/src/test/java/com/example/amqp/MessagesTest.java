package com.example.amqp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.UserProperties;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;
import org.apache.qpid.protonj2.buffer.ProtonBufferAllocator;
import org.apache.qpid.protonj2.codec.CodecFactory;
import org.apache.qpid.protonj2.types.Binary;
import org.apache.qpid.protonj2.types.messaging.AmqpSequence;
import org.apache.qpid.protonj2.types.messaging.AmqpValue;
import org.apache.qpid.protonj2.types.messaging.ApplicationProperties;
import org.apache.qpid.protonj2.types.messaging.Properties;
import org.junit.jupiter.api.Test;

final class MessagesTest {
    private static final byte[] BODY = bytes("{}");

    @Test
    void comesBackAsItWas() {
        Message sent = Message.json("d/cmd/ping", BODY)
                .answeredAt("reply/1", bytes("17"))
                .expiring(Duration.ofSeconds(90))
                .with("jws", "a")
                .with("progress", "true")
                .with("jws", "b");
        Message read = Messages.decode(Messages.encode(sent));
        assertEquals("d/cmd/ping", read.topic());
        assertArrayEquals(BODY, read.payload());
        assertEquals(Message.JSON, read.contentType());
        assertEquals(Optional.of("reply/1"), read.responseTopic());
        assertArrayEquals(bytes("17"), read.correlation().orElseThrow());
        assertEquals(Optional.of(Duration.ofSeconds(90)), read.expiry());
        assertEquals(sent.properties(), read.properties());
    }

    @Test
    void hasNoMoreThanItWasGiven() {
        Message read = Messages.decode(Messages.encode(Message.bytes("d/artifact/data", new byte[0])));
        assertEquals(Message.BYTES, read.contentType());
        assertEquals(Optional.empty(), read.responseTopic());
        assertEquals(Optional.empty(), read.correlation());
        assertEquals(Optional.empty(), read.expiry());
        assertEquals(UserProperties.none(), read.properties());
    }

    @Test
    void readsWhatASenderWhoKnowsOnlyAmqpSends() {
        Message read = Messages.decode(encoded(
                new Properties()
                        .setTo("d.cmd.ping")
                        .setReplyTo("reply.1")
                        .setCorrelationId("17")
                        .setContentType(Message.JSON),
                new ApplicationProperties(Map.of("jws", "a", "attempt", 3)),
                new AmqpValue<>("{}")));
        assertEquals("d/cmd/ping", read.topic());
        assertArrayEquals(BODY, read.payload());
        assertEquals(Message.JSON, read.contentType());
        assertEquals(Optional.of("reply/1"), read.responseTopic());
        assertArrayEquals(bytes("17"), read.correlation().orElseThrow());
        assertEquals(UserProperties.of(Map.of("jws", "a")), read.properties());
    }

    @Test
    void readsWhatArtemisMakesOfAMessageByMqtt() {
        Message read = Messages.decode(encoded(
                new Properties().setTo("d.cmd.ping"),
                new ApplicationProperties(Map.of(
                        "mqtt.content.type",
                        Message.JSON,
                        "mqtt.response.topic",
                        "reply/1.2",
                        "mqtt.correlation.data",
                        new Binary(bytes("17")),
                        "mqtt.qos.level",
                        1,
                        "mqtt.user.property.exists",
                        2,
                        "mqtt.ordered.user.property.1.b.c",
                        "second",
                        "mqtt.ordered.user.property.0.a",
                        "first")),
                new AmqpValue<>(new Binary(BODY))));
        assertEquals(Message.JSON, read.contentType());
        assertEquals(Optional.of("reply/1.2"), read.responseTopic());
        assertArrayEquals(bytes("17"), read.correlation().orElseThrow());
        assertEquals(
                List.of(new UserProperties.Pair("a", "first"), new UserProperties.Pair("b.c", "second")),
                read.properties().pairs());
    }

    @Test
    void refusesWhatHasNoTopicOrNoBody() {
        ProtonBuffer list = encoded(new Properties().setTo("d.x"), new AmqpSequence<>(List.of(1)));
        assertThrows(IllegalArgumentException.class, () -> Messages.decode(list));
        ProtonBuffer nowhere = encoded(new AmqpValue<>("x"));
        assertThrows(IllegalArgumentException.class, () -> Messages.decode(nowhere));
        ProtonBuffer noise = ProtonBufferAllocator.defaultAllocator().copy(bytes("noise"));
        assertThrows(IllegalArgumentException.class, () -> Messages.decode(noise));
    }

    private static ProtonBuffer encoded(Object... sections) {
        ProtonBuffer bytes = ProtonBufferAllocator.defaultAllocator().allocate();
        for (Object section : sections) {
            CodecFactory.getEncoder()
                    .writeObject(bytes, CodecFactory.getEncoder().newEncoderState(), section);
        }
        return bytes;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
