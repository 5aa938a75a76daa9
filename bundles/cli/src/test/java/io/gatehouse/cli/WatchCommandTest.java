package io.gatehouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatehouse.protocol.Scope;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class WatchCommandTest {
    @Test
    void subscribesToWhatLiesUnderTheScope() {
        assertEquals(List.of("+/+/+/#"), WatchCommand.filters(Optional.empty(), "#"));
        assertEquals(List.of("dwr/#"), filters("dwr", "#"));
        assertEquals(List.of("dwr/311-a1/00/#"), filters("dwr/311-a1/00", "#"));
    }

    @Test
    void subscribesToATopicOfDevicesAndOfPlaces() {
        assertEquals(List.of("+/+/+/event/+"), WatchCommand.filters(Optional.empty(), "event/+"));
        assertEquals(List.of("dwr/+/+/hardware/#", "dwr/hardware/#"), filters("dwr", "hardware/#"));
        assertEquals(List.of("dwr/311-a1/00/hardware/#"), filters("dwr/311-a1/00", "hardware/#"));
        assertEquals(List.of("world/a/b/c/temperature"), filters("world/a/b/c", "temperature"));
    }

    private static List<String> filters(String scope, String topic) {
        return WatchCommand.filters(Optional.of(new Scope(scope)), topic);
    }
}
