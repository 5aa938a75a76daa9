package io.gatehouse.terminal;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * A program that runs in a terminal, and who looks at it: what it shows goes there by two threads and a bounded backlog, what is typed goes
 * to the program at once.
 */
final class Session {
    private static final Logger LOG = System.getLogger(Session.class.getName());
    private static final int ROOM = 64 * 1024;
    private static final int MOST_LENT = 8 * Backlog.LOAN;
    private static final Duration LAST_WORDS = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofSeconds(1);

    private final Program program;
    private final Screen screen;
    private final Optional<Recording> recording;
    private final Traffic traffic;
    private final Consumer<String> over;
    private final Backlog backlog = new Backlog(ROOM, MOST_LENT);
    private final Thread reader;
    private final Thread writer;

    /**
     * Not begun.
     *
     * @param id of its terminal
     * @param over takes the reason when the program has ended, or nobody looks any more
     */
    Session(
            String id,
            Program program,
            Screen screen,
            Optional<Recording> recording,
            Traffic traffic,
            Consumer<String> over) {
        this.program = program;
        this.screen = screen;
        this.recording = recording;
        this.traffic = traffic;
        this.over = over;
        this.reader = new Thread(this::read, "terminal-reader-" + id);
        this.writer = new Thread(this::write, "terminal-writer-" + id);
        reader.setDaemon(true);
        writer.setDaemon(true);
    }

    void begin() {
        reader.start();
        writer.start();
    }

    /** Waits while the program takes no more. */
    void input(byte[] bytes, int offset, int length) throws IOException {
        traffic.received(length);
        backlog.lend();
        program.input(bytes, offset, length);
    }

    void resize(Size size) throws IOException, InterruptedException {
        program.resize(size);
        recording.ifPresent(kept -> kept.resized(size));
    }

    /**
     * Ends it, and waits until nothing of it is left.
     *
     * @param told takes {@code exit} and {@code recording}, where there are any
     */
    void end(String reason, Map<String, Object> told) throws InterruptedException {
        boolean hasExited = reason.equals("exit");
        OptionalInt exitCode = hasExited ? program.exitCode() : OptionalInt.empty();
        if (!hasExited) {
            backlog.end();
        }
        program.close();
        join(reader, SHORT);
        // what the program showed last is for whoever looks; a line that is cut is no reason to wait
        join(writer, hasExited ? LAST_WORDS : SHORT);
        screen.ended(exitCode, reason);
        exitCode.ifPresent(code -> told.put("exit", code));
        recording.ifPresent(kept -> told.put("recording", kept.keep()));
    }

    private static void join(Thread thread, Duration patience) throws InterruptedException {
        thread.join(patience.toMillis());
        thread.interrupt();
        thread.join(SHORT.toMillis());
    }

    private void read() {
        try {
            for (Optional<byte[]> shown = program.output(); shown.isPresent(); shown = program.output()) {
                byte[] bytes = shown.get();
                recording.ifPresent(kept -> kept.shown(bytes));
                backlog.put(bytes);
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the program of a terminal shows no more", e);
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "the terminal ends");
        } finally {
            over.accept("exit");
            backlog.end();
        }
    }

    private void write() {
        try {
            for (Optional<byte[]> next = backlog.take(); next.isPresent(); next = backlog.take()) {
                screen.show(next.get());
                traffic.sent(next.get().length);
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "nobody looks at the terminal any more", e);
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "the terminal ends");
        } finally {
            over.accept("link");
        }
    }
}
