package io.gatehouse.launcher;

import io.gatehouse.software.Verdict;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What outlives the process. One gateway at a time holds it. The numbers of changes tell in which order files were
 * written, so that no two of them need to change at one instant: an attempt is over as soon as the committed document or a
 * verdict bears its number or a later one.
 */
final class StateFolder implements Closeable {
    private static final String CURRENT = "current.json";
    private static final String PREVIOUS = "previous.json";
    private static final String ATTEMPT = "attempt.json";
    private static final String VERDICT = "verdict.json";
    private static final String STARTS = "starts";

    private final Path folder;
    private final FileChannel lock;
    private final WholeFiles files;
    private boolean frozen;

    private StateFolder(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
        this.files = new WholeFiles(folder);
    }

    /** Opens the folder, made where it is not there, for this gateway alone. */
    static StateFolder open(Path folder) throws Misuse {
        try {
            Files.createDirectories(folder.resolve("artifacts"));
            FileChannel channel =
                    FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!held(channel)) {
                channel.close();
                throw new Misuse("another gateway runs on " + folder
                        + "; stop it, or give this one a folder of its own with --state");
            }
            return new StateFolder(folder, channel);
        } catch (IOException e) {
            throw new Misuse("cannot use the state folder " + folder, e);
        }
    }

    private static boolean held(FileChannel channel) throws IOException {
        try {
            @Nullable FileLock held = channel.tryLock();
            return held != null;
        } catch (OverlappingFileLockException e) {
            // by another gateway of this very process
            return false;
        }
    }

    /** The file of an artifact, whether or not it is there. */
    Path artifact(String sha256) {
        return folder.resolve("artifacts").resolve(sha256);
    }

    synchronized Optional<Committed> current() {
        return read(CURRENT, Codec::committed);
    }

    synchronized Optional<Committed> previous() {
        return read(PREVIOUS, Codec::committed);
    }

    /** Makes a document the current one, in one instant, and the one before it the previous one. */
    synchronized void commit(Committed committed) throws IOException {
        thaw();
        files.keep(CURRENT, PREVIOUS);
        files.write(CURRENT, Codec.write(committed));
    }

    /** Makes the previous document the current one; what was current is gone. */
    synchronized void fallBackToPrevious() throws IOException {
        thaw();
        files.rename(PREVIOUS, CURRENT);
    }

    /** Leaves the image's own software and nothing over it. */
    synchronized void fallBackToFactory() throws IOException {
        thaw();
        // in this order: current without previous is what a first commit leaves, too
        files.delete(PREVIOUS);
        files.delete(CURRENT);
    }

    synchronized Optional<Attempt> attempt() {
        return read(ATTEMPT, Codec::attempt);
    }

    synchronized void begin(Attempt attempt) throws IOException {
        thaw();
        files.write(ATTEMPT, Codec.write(attempt));
    }

    synchronized void forgetAttempt() throws IOException {
        thaw();
        files.delete(ATTEMPT);
    }

    synchronized void end(Ended ended) throws IOException {
        thaw();
        files.write(VERDICT, Codec.write(ended));
    }

    synchronized Optional<Ended> ended() {
        return read(VERDICT, Codec::ended);
    }

    /** How the last change ended. */
    synchronized Optional<Verdict> verdict() {
        Optional<Committed> current = current();
        Optional<Ended> ended = ended();
        if (ended.isPresent()
                && ended.get().change() > current.map(Committed::change).orElse(0L)) {
            return ended.map(Ended::verdict);
        }
        return current.flatMap(Committed::verdict);
    }

    /** The number of the change that comes next. */
    synchronized long nextChange() {
        long last = current().map(Committed::change).orElse(0L);
        last = Math.max(last, previous().map(Committed::change).orElse(0L));
        last = Math.max(last, ended().map(Ended::change).orElse(0L));
        last = Math.max(last, attempt().map(Attempt::change).orElse(0L));
        return last + 1;
    }

    /** Starts of this change's document that began and did not come to their end. */
    synchronized Starts starts(long change) {
        return read(STARTS, Starts::read)
                .filter(starts -> starts.change() == change)
                .orElse(new Starts(change, 0, ""));
    }

    synchronized void count(Starts starts) throws IOException {
        thaw();
        files.write(STARTS, starts.write());
    }

    synchronized void forgetStarts() throws IOException {
        thaw();
        files.delete(STARTS);
    }

    /**
     * Nothing is written from here on: the gateway was told to stop. What that cuts short is no fault of the start or the
     * change under way, so neither counts.
     */
    synchronized void freeze() throws IOException {
        if (frozen) {
            return;
        }
        try {
            Optional<Starts> starts = read(STARTS, Starts::read);
            if (starts.isPresent()) {
                files.write(STARTS, starts.get().oneLess().write());
            }
            files.delete(ATTEMPT);
        } finally {
            frozen = true;
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }

    private void thaw() throws IOException {
        if (frozen) {
            throw new IOException("the gateway is stopping, so nothing is written to " + folder);
        }
    }

    private <T> Optional<T> read(String name, Reader<T> reader) {
        Optional<Map<String, Object>> object = files.read(name);
        if (object.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(reader.read(object.get()));
        } catch (IOException e) {
            System.getLogger(StateFolder.class.getName())
                    .log(System.Logger.Level.ERROR, folder.resolve(name) + " counts as absent", e);
            return Optional.empty();
        }
    }

    private interface Reader<T> {
        T read(Map<String, ?> members) throws IOException;
    }
}
