package io.gatehouse.cli.fleet;

import io.gatehouse.api.artifact.Sha256;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of an artifact, beside the file that it becomes. Its name has the artifact's digest in it, so what is there already is of
 * no other, and is gone on with.
 */
public final class PartFile implements AutoCloseable {
    private static final int NAMED_DIGITS = 12;
    private static final int BUFFER = 1 << 16;

    private final Sha256 sha256;
    private final long size;
    private final Path target;
    private final boolean force;
    private final Path path;
    private final RandomAccessFile file;
    private final MessageDigest digest = Sha256.digest();
    private long length;
    private boolean isResumed;

    private PartFile(Sha256 sha256, long size, Path target, boolean force, Path path) throws IOException {
        this.sha256 = sha256;
        this.size = size;
        this.target = target;
        this.force = force;
        this.path = path;
        this.file = new RandomAccessFile(path.toFile(), "rw");
    }

    /**
     * Opens it, and goes on with what is there.
     *
     * @param force whether the file may take the place of another
     */
    public static PartFile open(Sha256 sha256, long size, Path target, boolean force) throws Trouble {
        mayBecome(target, force);
        Path path =
                target.resolveSibling(target.getFileName() + "." + sha256.hex().substring(0, NAMED_DIGITS) + ".part");
        PartFile part;
        try {
            part = new PartFile(sha256, size, target, force, path);
        } catch (IOException e) {
            throw unwritable(path, e);
        }
        try {
            part.begin();
            return part;
        } catch (Trouble | IOException e) {
            try {
                part.file.close();
            } catch (IOException late) {
                e.addSuppressed(late);
            }
            throw e instanceof Trouble trouble ? trouble : unwritable(path, (IOException) e);
        }
    }

    /** Refuses a file that is there, unless it may be written over. */
    public static void mayBecome(Path target, boolean force) throws Trouble {
        if (Files.isDirectory(target)) {
            throw new Trouble(Trouble.Kind.USAGE, target + " is a folder: name a file");
        }
        if (!force && Files.exists(target)) {
            throw exists(target, null);
        }
    }

    private void begin() throws IOException, Trouble {
        if (lock() == null) {
            throw new Trouble(Trouble.Kind.USAGE, "another gatehouse is writing " + path);
        }
        if (file.length() > size) {
            file.setLength(0);
        }
        byte[] buffer = new byte[BUFFER];
        for (int read = file.read(buffer); read >= 0; read = file.read(buffer)) {
            digest.update(buffer, 0, read);
            length += read;
        }
        isResumed = length > 0;
    }

    private @Nullable FileLock lock() throws IOException {
        try {
            return file.getChannel().tryLock(); // let go of with the file
        } catch (OverlappingFileLockException e) {
            return null; // within this process
        }
    }

    Sha256 sha256() {
        return sha256;
    }

    long size() {
        return size;
    }

    Path path() {
        return path;
    }

    /** The next byte that is needed. */
    public long length() {
        return length;
    }

    void append(byte[] bytes, int from) throws Trouble {
        try {
            file.write(bytes, from, bytes.length - from);
        } catch (IOException e) {
            throw unwritable(path, e);
        }
        digest.update(bytes, from, bytes.length - from);
        length += bytes.length - from;
    }

    /**
     * Makes the whole part the file.
     *
     * @return whether it is; else what was there before was damaged or of something else, and all is to be read again
     * @throws Trouble where all of it was read now and hashes to something else; then it is deleted
     */
    boolean finish() throws Trouble {
        Sha256 found = Sha256.of(digest);
        try {
            if (found.equals(sha256)) {
                file.getFD().sync();
                move();
                return true;
            }
            file.setLength(0);
            file.seek(0);
            length = 0;
        } catch (IOException e) {
            throw unwritable(target, e);
        }
        if (isResumed) {
            isResumed = false;
            return false;
        }
        throw new Trouble(
                Trouble.Kind.REFUSED, "what came for " + sha256 + " hashes to " + found + ", and was thrown away");
    }

    private void move() throws IOException, Trouble {
        if (force) {
            Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        try {
            Files.move(path, target);
        } catch (FileAlreadyExistsException e) { // it came meanwhile
            throw exists(target, e);
        }
    }

    private static Trouble exists(Path target, @Nullable Exception cause) {
        return new Trouble(Trouble.Kind.USAGE, target + " is there: give another --out, or --force", cause);
    }

    private static Trouble unwritable(Path path, IOException e) {
        return new Trouble(Trouble.Kind.USAGE, "cannot write " + path + ": " + e.getMessage(), e);
    }

    /** Keeps what is here, to be gone on with. */
    @Override
    public void close() throws Trouble {
        try {
            file.close();
            if (length == 0) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw unwritable(path, e);
        }
    }
}
