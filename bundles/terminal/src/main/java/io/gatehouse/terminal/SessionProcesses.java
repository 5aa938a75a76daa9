package io.gatehouse.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The processes that one PTY brought about, as Linux' proc shows them: whoever descends from its session, is of the session or of one
 * that a descendant began, has the PTY as controlling terminal, or bears its mark in the environment. What left the session, lost its
 * parents and cleared its environment is not found. Not thread-safe.
 */
final class SessionProcesses {
    private static final int LONGEST_ENVIRONMENT = 256 * 1024;

    private final Path proc;
    private final long holder;
    private final byte[] mark;
    private final Set<Long> sessions = new HashSet<>();

    /** One line of {@code /proc/PID/stat}, as far as it matters. */
    private record Stat(long pid, long parent, long session, int terminal) {}

    /**
     * Those of one PTY.
     *
     * @param holder the process that holds the PTY's other side; it is of the gateway's own session
     * @param mark a variable with its value that is nowhere else
     */
    SessionProcesses(Path proc, long holder, String mark) {
        this.proc = proc;
        this.holder = holder;
        this.mark = (mark + "\0").getBytes(StandardCharsets.UTF_8);
    }

    /** The PTY's session is this. Until it is known, its processes are found by the holder, whose children they are. */
    void add(long session) {
        sessions.add(session);
    }

    /**
     * Those that live, but not the holder.
     *
     * @throws IllegalStateException where proc cannot be read
     */
    Set<Long> find() {
        List<Stat> all = all();
        int terminal = terminal(all);
        Set<Long> found = new HashSet<>();
        for (Stat stat : all) {
            if ((terminal != 0 && stat.terminal() == terminal) || isMarked(stat.pid())) {
                found.add(stat.pid());
            }
        }
        int before;
        do {
            before = found.size();
            for (Stat stat : all) {
                boolean isOurs = found.contains(stat.pid())
                        || stat.parent() == holder
                        || found.contains(stat.parent())
                        || sessions.contains(stat.session());
                if (isOurs) {
                    found.add(stat.pid());
                    begins(stat);
                }
            }
        } while (found.size() > before);
        found.remove(holder);
        found.remove(ProcessHandle.current().pid());
        return found;
    }

    /** A session that one of these began is theirs, also when it has ended itself. */
    private void begins(Stat stat) {
        if (stat.session() == stat.pid()) {
            sessions.add(stat.session());
        }
    }

    /** The number of a terminal is given to another when its holder is gone: so it counts only before. */
    private int terminal(List<Stat> all) {
        boolean isHeld = all.stream().anyMatch(stat -> stat.pid() == holder);
        return !isHeld
                ? 0
                : all.stream()
                        .filter(stat -> stat.parent() == holder && sessions.contains(stat.session()))
                        .mapToInt(Stat::terminal)
                        .findFirst()
                        .orElse(0);
    }

    private boolean isMarked(long pid) {
        try (InputStream in = Files.newInputStream(proc.resolve(pid + "/environ"))) {
            return contains(in.readNBytes(LONGEST_ENVIRONMENT), mark);
        } catch (IOException e) {
            return false; // it has ended, or is of a user whose we may not see
        }
    }

    private static boolean contains(byte[] all, byte[] part) {
        for (int at = 0; at + part.length <= all.length; at++) {
            boolean begins = at == 0 || all[at - 1] == 0;
            if (begins && Arrays.equals(all, at, at + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }

    private List<Stat> all() {
        List<Stat> all = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path process : processes) {
                stat(process).ifPresent(all::add);
            }
        } catch (IOException | DirectoryIteratorException e) { // the latter where the folder fails on the way through
            throw new IllegalStateException("cannot see the processes in " + proc, e);
        }
        return all;
    }

    /** Nothing for what has ended, also where its parent does not know yet. */
    private static Optional<Stat> stat(Path process) {
        try {
            String line = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            // behind the program's name, which may have blanks and parentheses itself: state, parent, group, session,
            // terminal
            String[] words = line.substring(line.lastIndexOf(')') + 2).split(" ", 6);
            boolean hasEnded = words[0].equals("Z") || words[0].equals("X");
            return hasEnded
                    ? Optional.empty()
                    : Optional.of(new Stat(
                            Long.parseLong(process.getFileName().toString()),
                            Long.parseLong(words[1]),
                            Long.parseLong(words[3]),
                            Integer.parseInt(words[4])));
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException e) {
            return Optional.empty();
        }
    }
}
