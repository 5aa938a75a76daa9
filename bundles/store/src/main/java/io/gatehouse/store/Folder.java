package io.gatehouse.store;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The folder of segments, for one opener at a time. */
final class Folder implements Closeable {
    private static final System.Logger LOG = System.getLogger(Folder.class.getName());

    private final Path path;
    private @Nullable FileChannel lock;

    private Folder(Path path) {
        this.path = path;
    }

    /**
     * Opens it, whatever state it is in.
     *
     * @throws IllegalStateException where somebody else has it open
     */
    static Folder open(Path path) {
        Folder folder = new Folder(path);
        try {
            if (Files.exists(path) && !Files.isDirectory(path)) {
                folder.setAside();
            }
            folder.makeSure();
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "what is kept in " + path + " is read, but no more can be written now",
                    e);
        }
        return folder;
    }

    /** The segments that there are, from the oldest to the newest. */
    List<Path> list() {
        try (Stream<Path> entries = Files.list(path)) {
            return entries.sorted().toList();
        } catch (IOException | UncheckedIOException e) {
            if (Files.exists(path)) {
                LOG.log(System.Logger.Level.ERROR, "cannot list " + path + ": begins with nothing", e);
            }
            return List.of();
        }
    }

    Path path() {
        return path;
    }

    /** Makes sure that it is there and ours. */
    void makeSure() throws IOException {
        if (!Files.isDirectory(path)) {
            Files.createDirectories(path);
            sync(Optional.ofNullable(path.toAbsolutePath().getParent()).orElse(path));
        }
        if (lock == null) {
            lock = locked(path.resolve("lock"));
        }
    }

    /** Something else has the folder's name: it gets another. */
    private void setAside() throws IOException {
        Path aside = path.resolveSibling(path.getFileName() + ".damaged");
        Files.move(path, aside, StandardCopyOption.REPLACE_EXISTING);
        LOG.log(
                System.Logger.Level.ERROR,
                path + " is not a folder: it is kept as " + aside + ", and nothing is known");
    }

    /** Returns when files that were made or deleted here stay so through a power cut. */
    void sync() throws IOException {
        sync(path);
    }

    @Override
    public void close() throws IOException {
        if (lock != null) {
            lock.close();
        }
    }

    private static FileChannel locked(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw new IllegalStateException("another store of this process has " + file + " open", e);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw new IllegalStateException("another process has " + file + " open");
    }

    /** An interrupt is put off: it would end this before it is done. */
    private static void sync(Path folder) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                    channel.force(true);
                    return;
                } catch (ClosedByInterruptException e) {
                    interrupted = true;
                    Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
