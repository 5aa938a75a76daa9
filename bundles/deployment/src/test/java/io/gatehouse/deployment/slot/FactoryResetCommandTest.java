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
import io.gatehouse.api.device.Inhibitor;
import io.gatehouse.api.device.Inhibitors;
import io.gatehouse.software.Complaint;
import io.gatehouse.software.RuntimeSlots;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

final class FactoryResetCommandTest {
    private final Queue<List<Complaint>> passing = new ArrayDeque<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private List<Inhibitor> inhibitors = List.of();
    private Optional<RuntimeSlots.Reset> last = Optional.empty();
    private Optional<IOException> trouble = Optional.empty();

    private FactoryResetCommand command(Duration longestEnd) {
        return new FactoryResetCommand(
                new Inhibitors(() -> inhibitors),
                (RuntimeSlots) proxy(RuntimeSlots.class),
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
                    case "askForReset" -> {
                        if (trouble.isPresent()) {
                            throw trouble.get();
                        }
                        List<Complaint> first = passing.poll();
                        if (first == null) {
                            calls.add("asked by " + arguments[0] + ", keeps " + arguments[1]);
                        }
                        yield first == null ? List.of() : first;
                    }
                    case "leaveForReset" -> {
                        calls.add("leaves");
                        yield null;
                    }
                    case "lastReset" -> last;
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
        assertEquals(List.of("asked by id1, keeps true", "leaves"), calls);

        last = Optional.of(new RuntimeSlots.Reset("id1", List.of()));
        assertEquals(
                Outcome.done(Map.of("identity", "keep", "boot", "b2")),
                command().resume("id1"));
        assertEquals(Outcome.interrupted(), command().resume("another"));
    }

    @Test
    void doesNotSayThatItIsDoneWhereThePowerWentBeforeItWasAskedFor() throws Exception {
        trouble = Optional.of(new IOException("no space left on device"));
        assertThrows(IOException.class, () -> command().handle(asked(Map.of("identity", "keep"))));
        assertEquals(Outcome.interrupted(), command().resume("id1"));

        last = Optional.of(new RuntimeSlots.Reset("one before", List.of()));
        assertEquals(Outcome.interrupted(), command().resume("id1"));
    }

    @Test
    void saysInTheNextProcessWhatIsLeft() throws Exception {
        last = Optional.of(new RuntimeSlots.Reset("id1", List.of("slots/a (in use)", "desired/b (broken)")));
        assertEquals(
                Outcome.failed("not-whole", "what could not be deleted is left: slots/a (in use); desired/b (broken)"),
                command().resume("id1"));
    }

    @Test
    void isRefusedWhileAChangeGoesOnAndThenNothingWasDone() throws Exception {
        for (String identity : List.of("keep", "forget")) {
            passing.add(List.of(Complaint.passing("another change goes on")));
            assertEquals(
                    Outcome.refused("busy", "another change goes on; ask again when that has ended"),
                    command().handle(asked(Map.of("identity", identity))));
        }
        assertEquals(List.of(), calls);
    }

    @Test
    void isRefusedWhileSomebodyMindsThatTheMachineGoesDown() throws Exception {
        inhibitors = List.of(Optional::empty, () -> Optional.of("firmware V2 is on trial"));

        assertEquals(
                Outcome.refused("inhibited", "not now: firmware V2 is on trial; ask again when that has ended"),
                command().handle(asked(Map.of("identity", "forget"))));
        assertEquals(List.of(), calls);
    }

    @Test
    void isKeptFromNothingByOneThatCannotSayWhetherItMinds() throws Exception {
        inhibitors = List.of(() -> {
            throw new IllegalStateException("of somebody else");
        });
        assertEquals(Outcome.done(Map.of("identity", "forget")), command().handle(asked(Map.of("identity", "forget"))));
    }

    @Test
    void failsWhereTheProcessDoesNotEnd() throws Exception {
        assertInstanceOf(Outcome.Failed.class, command(Duration.ofMillis(1)).handle(asked(Map.of("identity", "keep"))));
    }

    @Test
    void answersBeforeItForgetsWhoTheDeviceIsAndAfterThatIsOnFlash() throws Exception {
        FactoryResetCommand slow = new FactoryResetCommand(
                new Inhibitors(() -> inhibitors),
                (RuntimeSlots) proxy(RuntimeSlots.class),
                (Device) proxy(Device.class),
                Duration.ofDays(1),
                Duration.ofDays(1));
        assertEquals(Outcome.done(Map.of("identity", "forget")), slow.handle(asked(Map.of("identity", "forget"))));
        assertEquals(List.of("asked by id1, keeps false"), calls);

        assertEquals(Outcome.done(Map.of("identity", "forget")), command().handle(asked(Map.of("identity", "forget"))));
        await().untilAsserted(() -> assertEquals("leaves", calls.get(calls.size() - 1)));
    }

    @Test
    void doesNotSayThatItForgetsWhereThatCannotBeWritten() {
        trouble = Optional.of(new IOException("no space left on device"));
        assertThrows(IOException.class, () -> command().handle(asked(Map.of("identity", "forget"))));
        assertEquals(List.of(), calls);
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
