package io.gatehouse.cli.dev;

import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.Trouble;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What happens while a project is written, in one order: saves, and messages from the device. Both are taken in at once, whatever whoever
 * asks for the next is busy with, so that each has its right time and files are served meanwhile.
 */
public final class Happenings implements AutoCloseable {
    private static final Duration LONG = Duration.ofDays(1);

    private final BlockingDeque<Happening> waiting = new LinkedBlockingDeque<>();
    private final Watch watch;
    private final Thread watching;
    private final Thread listening;

    /** One of them; times are those of {@link System#nanoTime}. */
    public sealed interface Happening {
        long at();
    }

    /** Something was saved, or only touched. */
    public record Saved(long at) implements Happening {}

    /** A message arrived. */
    public record Heard(Message message, long at) implements Happening {}

    /**
     * Begins.
     *
     * @param served takes what asks for files; it is told of no more
     * @param note is told in words when nothing more can be watched, from a thread of its own
     * @throws Trouble if the folders cannot be watched
     */
    public Happenings(Project project, Fleet fleet, Predicate<Message> served, Consumer<String> note) throws Trouble {
        watch = Watch.begin(project);
        watching = thread("watch", () -> watch(note));
        listening = thread("listen", () -> listen(fleet, served));
    }

    private static Thread thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void watch(Consumer<String> note) {
        try {
            while (true) {
                waiting.add(new Saved(watch.next()));
            }
        } catch (ClosedWatchServiceException ignored) {
            // closed
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        } catch (IOException e) {
            note.accept("saves are not noticed any more, start anew: " + e.getMessage());
        }
    }

    private void listen(Fleet fleet, Predicate<Message> served) {
        try {
            while (true) {
                Optional<Message> next = fleet.next(LONG);
                long now = System.nanoTime();
                next.filter(message -> !served.test(message))
                        .ifPresent(message -> waiting.add(new Heard(message, now)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    /** The next, or nothing where none comes until then. */
    public Optional<Happening> next(long until) throws InterruptedException {
        return Optional.ofNullable(waiting.poll(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS));
    }

    /** Puts one back, to be the next. */
    public void putBack(Happening happening) {
        waiting.addFirst(happening);
    }

    @Override
    public void close() {
        watch.close();
        watching.interrupt();
        listening.interrupt();
    }
}
