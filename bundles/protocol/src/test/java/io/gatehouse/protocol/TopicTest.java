package io.gatehouse.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicTest {
    @Test
    void readsCommandsAtEveryScope() {
        assertEquals(Optional.of(new Topic.Command("world", "ping")), Topic.parse("world/cmd/ping"));
        assertEquals(
                Optional.of(new Topic.Command("dwr/311/1", "tunnel.open")), Topic.parse("dwr/311/1/cmd/tunnel.open"));
    }

    @Test
    void readsDesiredWithAndWithoutName() {
        assertEquals(
                Optional.of(new Topic.Desired("dwr", "firmware", Optional.empty())),
                Topic.parse("dwr/desired/firmware"));
        assertEquals(
                Optional.of(new Topic.Desired("dwr/311", "feature", Optional.of("modbus"))),
                Topic.parse("dwr/311/desired/feature/modbus"));
    }

    @Test
    void aNameMayBeAReservedWord() {
        assertEquals(
                Optional.of(new Topic.Desired("dwr", "feature", Optional.of("cmd"))),
                Topic.parse("dwr/desired/feature/cmd"));
        assertEquals(Optional.of(new Topic.Command("dwr", "desired")), Topic.parse("dwr/cmd/desired"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "dwr",
                "cmd/ping",
                "desired/feature",
                "dwr/cmd",
                "dwr/cmd/",
                "dwr/cmd/a/b",
                "dwr/desired",
                "dwr/desired/",
                "dwr/desired/feature/",
                "dwr/desired/feature/a/b",
                "/cmd/ping",
                "dwr//cmd/ping",
                "dwr/311/1/status",
                "dwr/311/1/artifact/data",
                "dwr/311/1/reported/feature"
            })
    void readsNothingElse(String text) {
        assertEquals(Optional.empty(), Topic.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dwr/desired/firmware", "a/b/desired/feature/x", "world/asia/cmd/reboot"})
    void isWrittenAsItWasRead(String text) {
        assertEquals(text, Topic.parse(text).orElseThrow().toString());
    }
}
