package io.gatehouse.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A program in a pseudo terminal, with plain Java: {@code script} holds the terminal's other side and carries the bytes, and
 * {@code stty} tells its size. Linux.
 */
final class Pty implements Program {
    private static final Logger LOG = System.getLogger(Pty.class.getName());
    private static final Path PROC = Path.of("/proc");
    private static final int PIECE = 8 * 1024;
    private static final int LONGEST_LINE = 1000;
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);
    private static final long HASTE = TimeUnit.SECONDS.toNanos(2);
    private static final long GRACE = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long INSISTENCE = TimeUnit.SECONDS.toNanos(5);
    private static final long PAUSE = 10;

    private final Process script;
    private final Path stty;
    private final boolean tellsCode;
    private final Path terminal;
    private final SessionProcesses session;
    private final InputStream out;
    private final OutputStream in;
    private boolean isClosed;

    private Pty(Process script, Path stty, boolean tellsCode, long leader, SessionProcesses session)
            throws IOException {
        this.script = script;
        this.stty = stty;
        this.tellsCode = tellsCode;
        this.terminal = Files.readSymbolicLink(PROC.resolve(leader + "/fd/0"));
        this.session = session;
        this.out = script.getInputStream();
        this.in = script.getOutputStream();
    }

    /**
     * Starts it.
     *
     * @param builder of {@code script}, whose program says its process number in a line of its own first
     * @param tellsCode whether {@code script} ends with the program's code
     * @param mark what its environment holds and no other's
     * @throws IOException where there is no terminal to be had; nothing is left
     */
    static Pty start(ProcessBuilder builder, Path stty, boolean tellsCode, String mark)
            throws IOException, InterruptedException {
        Process script = builder.start();
        SessionProcesses session = new SessionProcesses(PROC, script.pid(), mark);
        boolean isStarted = false;
        try {
            long leader = Long.parseLong(firstLine(script));
            session.add(leader);
            Pty pty = new Pty(script, stty, tellsCode, leader, session);
            isStarted = true;
            return pty;
        } catch (NumberFormatException e) {
            throw new IOException("no pseudo terminal was to be had: " + e.getMessage(), e);
        } finally {
            if (!isStarted) {
                end(script, session);
            }
        }
    }

    /** Waits for it in such a way that an interrupt ends that. */
    private static String firstLine(Process script) throws IOException, InterruptedException {
        InputStream out = script.getInputStream();
        StringBuilder line = new StringBuilder();
        for (long until = System.nanoTime() + PATIENCE; System.nanoTime() - until < 0; Thread.sleep(PAUSE)) {
            boolean isOver = !script.isAlive();
            while (out.available() > 0 && line.length() < LONGEST_LINE) {
                int c = out.read();
                if (c == '\n') {
                    return line.toString().strip();
                }
                line.append((char) c);
            }
            if (isOver) {
                throw new IOException(
                        "no pseudo terminal was to be had: " + line.toString().strip());
            }
        }
        throw new IOException("no pseudo terminal was ready within 10 s: " + line);
    }

    @Override
    public Optional<byte[]> output() throws IOException {
        byte[] piece = new byte[PIECE];
        int read = out.read(piece);
        return read < 0 ? Optional.empty() : Optional.of(Arrays.copyOf(piece, read));
    }

    @Override
    public void input(byte[] bytes, int offset, int length) throws IOException {
        in.write(bytes, offset, length);
        in.flush();
    }

    @Override
    public void resize(Size size) throws IOException, InterruptedException {
        List<String> command = List.of(
                stty.toString(),
                "-F",
                terminal.toString(),
                "rows",
                String.valueOf(size.rows()),
                "columns",
                String.valueOf(size.columns()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (InputStream said = process.getInputStream()) {
            if (!process.waitFor(HASTE, TimeUnit.NANOSECONDS)) {
                throw new IOException(
                        "cannot make " + terminal + " " + size + ": " + stty + " does not end within 2 s");
            }
            // no more comes, and what holds the other end of the pipe is not waited for
            int length = Math.min(said.available(), LONGEST_LINE);
            String text = new String(said.readNBytes(length), StandardCharsets.UTF_8).strip();
            if (process.exitValue() != 0 && script.isAlive()) {
                throw new IOException("cannot make " + terminal + " " + size + ": " + text);
            }
        } finally {
            process.destroyForcibly();
        }
    }

    @Override
    public OptionalInt exitCode() throws InterruptedException {
        boolean isKnown = tellsCode && !isClosed && script.waitFor(GRACE, TimeUnit.NANOSECONDS);
        return isKnown ? OptionalInt.of(script.exitValue()) : OptionalInt.empty();
    }

    /**
     * Ends every process of the session: by SIGHUP, as when a line is hung up, and what lives half a second later by SIGKILL. Then the
     * terminal's other side goes.
     */
    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            end(script, session);
        }
    }

    private static void end(Process script, SessionProcesses session) {
        boolean isInterrupted = Thread.interrupted(); // whoever is in haste waits for this all the same
        try {
            try {
                hangUp(session);
            } finally {
                script.destroyForcibly();
            }
            kill(session);
            script.waitFor(INSISTENCE, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            isInterrupted = true;
            LOG.log(Level.WARNING, "the end of a terminal was interrupted, and something of it may be left", e);
        } catch (IllegalStateException e) {
            LOG.log(Level.WARNING, "it is not known whether something of a terminal is left", e);
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void hangUp(SessionProcesses session) throws InterruptedException {
        Set<Long> living = session.find();
        if (living.isEmpty()) {
            return;
        }
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "kill -HUP \"$@\" 2>/dev/null", "sh"));
        living.forEach(pid -> command.add(String.valueOf(pid)));
        try {
            Process kill = new ProcessBuilder(command).start();
            kill.waitFor(GRACE, TimeUnit.NANOSECONDS);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "cannot hang up; what lives is killed", e);
        }
        for (long until = System.nanoTime() + GRACE; System.nanoTime() - until < 0; Thread.sleep(PAUSE)) {
            if (session.find().isEmpty()) {
                return;
            }
        }
    }

    private static void kill(SessionProcesses session) throws InterruptedException {
        Set<Long> living = session.find();
        for (long until = System.nanoTime() + INSISTENCE; !living.isEmpty(); living = session.find()) {
            if (System.nanoTime() - until > 0) {
                LOG.log(Level.WARNING, "processes of a terminal do not end, not even when killed: {0}", living);
                return;
            }
            living.forEach(Pty::kill);
            Thread.sleep(PAUSE);
        }
    }

    private static void kill(long pid) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
}
