package io.gatehouse.deployment.slot;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.device.Device;
import io.gatehouse.api.store.Store;
import io.gatehouse.software.Complaint;
import io.gatehouse.software.RuntimeSlots;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

final class FactoryResetCommandTest {
    private final Map<String, byte[]> kept = new HashMap<>();
    private final Queue<List<Complaint>> passing = new ArrayDeque<>();
    private final List<Boolean> resets = new CopyOnWriteArrayList<>();

    private FactoryResetCommand command(Duration longestEnd) {
        return new FactoryResetCommand(
                (RuntimeSlots) proxy(RuntimeSlots.class),
                (Store) proxy(Store.class),
                (Device) proxy(Device.class),
                Duration.ofMillis(1),
                longestEnd);
    }

    private FactoryResetCommand command() {
        return command(Duration.ofMinutes(1));
    }

    /** What the command needs of the device. */
    private Object proxy(Class<?> type) {
        return Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> switch (method.getName()) {
                    case "reset" -> {
                        List<Complaint> first = passing.poll();
                        if (first == null) {
                            resets.add((Boolean) arguments[0]);
                        }
                        yield first == null ? List.of() : first;
                    }
                    case "get" -> Optional.ofNullable(kept.get((String) arguments[0]));
                    case "put" -> kept.put((String) arguments[0], (byte[]) arguments[1]);
                    case "remove" -> kept.remove((String) arguments[0]);
                    case "sync" -> null;
                    case "boot" -> "b2";
                    default -> throw new AssertionError(method);
                });
    }

    private static Invocation asked(Map<String, ?> arguments) {
        return new Invocation() {
            @Override
            public Members arguments() {
                return Members.of(arguments);
            }

            @Override
            public String id() {
                return "id1";
            }

            @Override
            public void progress(double ratio, String note) {}

            @Override
            public void data(byte[] bytes, Map<String, String> properties) {}
        };
    }

    @Test
    void saysInTheNextProcessThatItIsDone() throws Exception {
        Thread.currentThread().interrupt(); // as the end of the process does
        assertThrows(InterruptedException.class, () -> command().handle(asked(Map.of("identity", "keep"))));

        assertEquals(List.of(true), resets);
        assertEquals(
                Outcome.done(Map.of("identity", "keep", "boot", "b2")),
                command().resume("id1"));
        assertEquals(Outcome.interrupted(), command().resume("another"));
    }

    @Test
    void isRefusedWhileAChangeGoesOnAndThenNothingWasDone() throws Exception {
        passing.add(List.of(Complaint.passing("another change goes on")));

        Outcome outcome = command().handle(asked(Map.of("identity", "keep")));

        assertEquals(Outcome.refused("busy", "another change goes on; ask again when that has ended"), outcome);
        assertEquals(Outcome.interrupted(), command().resume("id1"));
        assertEquals(List.of(), resets);
    }

    @Test
    void isRefusedWhileSomebodyMindsThatTheMachineGoesDown() throws Exception {
        FactoryResetCommand command = command();
        command.inhibitors = List.of(Optional::empty, () -> Optional.of("firmware V2 is on trial"));

        assertEquals(
                Outcome.refused("inhibited", "not now: firmware V2 is on trial; ask again when that has ended"),
                command.handle(asked(Map.of("identity", "forget"))));
        assertEquals(List.of(), resets);
    }

    @Test
    void failsWhereTheProcessDoesNotEnd() throws Exception {
        assertInstanceOf(Outcome.Failed.class, command(Duration.ofMillis(1)).handle(asked(Map.of("identity", "keep"))));
    }

    @Test
    void answersBeforeItForgetsWhoTheDeviceIsAndWaitsForAChange() throws Exception {
        passing.add(List.of(Complaint.passing("another change goes on")));

        assertEquals(Outcome.done(Map.of("identity", "forget")), command().handle(asked(Map.of("identity", "forget"))));

        await().untilAsserted(() -> assertEquals(List.of(false), resets));
    }

    @Test
    void asksWhetherTheIdentityIsToBeKept() {
        assertEquals(
                "identity is missing",
                assertThrows(BadArgument.class, () -> command().handle(asked(Map.of())))
                        .getMessage());
        assertThrows(BadArgument.class, () -> command().handle(asked(Map.of("identity", "maybe"))));
    }
}
