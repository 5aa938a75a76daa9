package io.gatehouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.protocol.Scope;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

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

    @ParameterizedTest
    @ValueSource(strings = {"", "bad##", "a/#/b", "a+/b", "#/", "event/+x"})
    void refusesAFilterThatNoBrokerTakes(String filter) {
        WatchCommand command = new WatchCommand(() -> {
            throw new AssertionError("nothing is connected for that");
        });
        new CommandLine(command).parseArgs("--topic", filter);
        assertEquals(
                "not a topic filter: " + filter + "; + stands for one whole level, # at the end for all further ones",
                assertThrows(Trouble.class, command::call).getMessage());
    }

    private static List<String> filters(String scope, String topic) {
        return WatchCommand.filters(Optional.of(new Scope(scope)), topic);
    }
}
