package io.gatehouse.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.command.Job;

/**
 * One shell of the framework. Lines are edited here, as there is no PTY; a command that runs reads what is typed meanwhile, and Ctrl-C
 * interrupts it.
 */
final class GogoShell implements Program {
    private static final Logger LOG = System.getLogger(GogoShell.class.getName());
    private static final String PROMPT = "g! ";
    private static final int ROOM = 16 * 1024;
    private static final int CTRL_C = 0x03;
    private static final Set<String> LEAVING = Set.of("exit", "logout", "quit");

    private final Backlog shown = new Backlog(ROOM, ROOM);
    private final Backlog typed = new Backlog(ROOM, ROOM);
    private final LineEditor editor = new LineEditor(PROMPT);
    private final Text text = new Text();
    private final CommandSession session;
    private final Thread runner;
    private boolean isRunning;
    private volatile boolean isClosed;
    private volatile boolean hasLeft;

    GogoShell(CommandProcessor processor, Programs.Start start) {
        OutputStream out = new Shown();
        this.session = processor.createSession(new Typed(), out, out);
        this.runner = new Thread(this::run, "terminal-gogo-" + start.id());
        runner.setDaemon(true);
        session.put("TERM", start.term());
        resize(start.size());
    }

    void begin() {
        runner.start();
    }

    @Override
    public Optional<byte[]> output() throws InterruptedException {
        return shown.take();
    }

    @Override
    public void input(byte[] bytes, int offset, int length) throws IOException {
        if (isClosed) {
            throw new IOException("the shell has ended");
        }
        byte[] keys = Arrays.copyOfRange(bytes, offset, offset + length);
        if (interrupts(keys)) {
            return;
        }
        try {
            typed.put(keys);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while something was typed", e);
        }
    }

    @Override
    public void resize(Size size) {
        session.put("COLUMNS", size.columns());
        session.put("LINES", size.rows());
    }

    @Override
    public OptionalInt exitCode() {
        return hasLeft ? OptionalInt.of(0) : OptionalInt.empty();
    }

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            interrupt();
            typed.end();
            runner.interrupt();
            shown.end();
        }
    }

    /** Reads lines and runs them, until nothing more is wanted. */
    private void run() {
        try (session) {
            editor.begin();
            show(editor.echo());
            while (!hasLeft) {
                Optional<byte[]> keys = typed.take();
                if (keys.isEmpty()) {
                    return;
                }
                int[] characters = text.next(keys.get()).codePoints().toArray();
                for (int at = 0; at < characters.length && !hasLeft; at++) {
                    took(editor.type(characters[at]));
                }
                show(editor.echo());
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "the terminal ends");
        } finally {
            shown.end();
        }
    }

    private void took(LineEditor.Done done) throws InterruptedException {
        if (done == LineEditor.Done.LEFT) {
            hasLeft = true;
        } else if (done == LineEditor.Done.ENTERED) {
            show(editor.echo());
            String line = editor.line().strip();
            hasLeft = LEAVING.contains(line);
            if (!line.isEmpty() && !hasLeft) {
                execute(line);
            }
            if (!hasLeft) {
                editor.begin();
            }
        }
    }

    private void execute(String line) throws InterruptedException {
        running(true);
        try {
            Object result = session.execute(line);
            if (result != null) {
                show(session.format(result, Converter.INSPECT) + "\n");
            }
        } catch (InterruptedException e) {
            show("^C\n");
        } catch (Exception e) { // commands are anybody's, and may throw what they like
            LOG.log(Level.DEBUG, "a command of the framework's shell failed", e);
            show(e.getClass().getSimpleName() + ": " + e.getMessage() + "\n");
        } finally {
            running(false);
        }
    }

    /** Ctrl-C is for the command that runs, and what was typed before it is gone; where none runs it is for the line. */
    private boolean interrupts(byte[] keys) {
        for (byte key : keys) {
            if (key == CTRL_C) {
                return interrupt();
            }
        }
        return false;
    }

    private synchronized boolean interrupt() {
        if (isRunning) {
            Job job = session.foregroundJob();
            if (job != null) {
                job.interrupt();
            }
            runner.interrupt();
        }
        return isRunning;
    }

    private synchronized void running(boolean is) {
        isRunning = is;
        if (!is && !isClosed) {
            Thread.interrupted(); // it was for the command, which may have ended before it noticed
        }
    }

    private void show(String line) throws InterruptedException {
        show(line.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    private void show(byte[] bytes) throws InterruptedException {
        shown.put(bytes);
    }

    /** What commands write. A terminal wants a carriage return before each line feed. */
    private final class Shown extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (isClosed) {
                throw new IOException("the shell has ended");
            }
            byte[] lines = new byte[2 * length];
            int count = 0;
            for (int at = offset; at < offset + length; at++) {
                if (bytes[at] == '\n') {
                    lines[count++] = '\r';
                }
                lines[count++] = bytes[at];
            }
            try {
                shown.put(Arrays.copyOf(lines, count));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while something was shown", e);
            }
        }
    }

    /** What commands read: keys as they are typed. */
    private final class Typed extends InputStream {
        private byte[] piece = new byte[0];
        private int next;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public synchronized int read(byte[] bytes, int offset, int length) throws IOException {
            if (next == piece.length) {
                Optional<byte[]> more = more();
                if (more.isEmpty()) {
                    return -1;
                }
                piece = more.get();
                next = 0;
            }
            int count = Math.min(length, piece.length - next);
            System.arraycopy(piece, next, bytes, offset, count);
            next += count;
            return count;
        }

        private Optional<byte[]> more() throws IOException {
            try {
                return typed.take();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while nothing was typed", e);
            }
        }
    }
}
