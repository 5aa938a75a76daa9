package io.gatehouse.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.store.Line;
import io.gatehouse.api.store.Store;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that answers what nobody foresaw, when an outbox takes over what another left. */
final class LoadingTest extends WithOutbox {
    @ParameterizedTest
    @ValueSource(strings = {"answers", "events", "observations"})
    void aLineThatCannotBeReadHoldsUpNoOtherAndIsTold(String unreadable) throws Exception {
        leaveOneOfEach();

        List<Message> all = emptied(next(unreadable, "read"));

        List<String> expected = new ArrayList<>(List.of("reply/x", "event/e", "a/b"));
        int lost = List.of("answers", "events", "observations").indexOf(unreadable);
        expected.set(lost, "event/storage");
        assertEquals(
                expected.stream().sorted().toList(),
                topics(all).stream().sorted().toList());
        Message told = all.stream()
                .filter(message -> message.topic().endsWith("/storage"))
                .findFirst()
                .orElseThrow();
        assertTrue(
                text(told)
                        .contains("\"type\":\"outbox-unread\",\"detail\":\"leaves the rest of its " + unreadable
                                + " to the next start: unforeseen\""),
                text(told));
    }

    @Test
    void countThatCannotBeReadHoldsUpNothing() throws Exception {
        leaveOneOfEach();
        assertEquals(List.of("reply/x", "event/e", "a/b"), topics(emptied(next("counted", "get"))));
    }

    @Test
    void whatCouldNotBeReadIsThereAtTheNextStart() throws Exception {
        leaveOneOfEach();
        next("events", "read").deactivate();
        assertTrue(topics(emptied(replaced())).contains("event/e"));
    }

    @Test
    void logsWhatATimedTaskThrows() throws Exception {
        CompletableFuture<LogRecord> logged = new CompletableFuture<>();
        Logger logger = Logger.getLogger(Later.class.getName());
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord message) {
                logged.complete(message);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        try {
            Later.ofJava().after(Duration.ZERO, () -> {
                throw new IllegalStateException("unforeseen");
            });
            LogRecord message = logged.get(10, TimeUnit.SECONDS);
            assertEquals("a timed task failed", message.getMessage());
            assertTrue(message.getThrown().toString().contains("unforeseen"), message.getThrown()::toString);
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
        }
    }

    private void leaveOneOfEach() {
        DeviceOutbox outbox = outbox(LIMITS);
        outbox.send(Message.json("reply/x", new byte[0]));
        outbox.event("e", Map.of());
        outbox.observation("a/b", NOW, Map.of(), false);
        outbox.deactivate();
    }

    /** One in the same process, for which a method of the store, or of a line of this name, throws. */
    private DeviceOutbox next(String name, String method) {
        DeviceOutbox outbox = unloaded(LIMITS, failing(Store.class, store(), name, method));
        outbox.load();
        return outbox;
    }

    private static <T> T failing(Class<T> type, T real, String name, String failing) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, given) -> {
            boolean named = type == Line.class || given != null && given[0].equals(name);
            if (named && method.getName().equals(failing)) {
                throw new IllegalStateException("unforeseen");
            }
            try {
                Object answer = method.invoke(real, given);
                return named && answer instanceof Line line ? failing(Line.class, line, name, failing) : answer;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }
}
