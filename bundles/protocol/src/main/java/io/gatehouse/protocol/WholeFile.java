package io.gatehouse.protocol;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Objects;
import java.util.Set;

/**
 * A file that is written whole or not at all: whenever the power goes, the one before or the new one is there.
 *
 * @param part where it is written first, in the same folder; nobody else writes there at the same time
 */
public record WholeFile(Path file, Path part) {
    /** With {@code .part} behind its name while it is written. */
    public static WholeFile at(Path file) {
        return new WholeFile(file, file.resolveSibling(file.getFileName() + ".part"));
    }

    /**
     * Writes it, in place of the one before. When this returns, it outlives a power cut.
     *
     * @param attributes which it has from its first byte on
     * @throws IOException if it cannot be written, and nothing of it is left then; or if nobody knows whether it outlives a power cut
     * @throws UnsupportedOperationException if the file system does not know these attributes
     */
    public void write(byte[] bytes, FileAttribute<?>... attributes) throws IOException {
        Files.deleteIfExists(part); // what a power cut left has attributes of its own
        try {
            try (FileChannel channel = FileChannel.open(
                    part, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
                for (ByteBuffer left = ByteBuffer.wrap(bytes); left.hasRemaining(); ) {
                    channel.write(left);
                }
                channel.force(true);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            discard(e); // on a full disk the half of it would take the last room
            throw e;
        }
        sync(Objects.requireNonNull(file.toAbsolutePath().getParent())); // so that the name, too, outlives a power cut
    }

    /** When this returns, the names of the files in a folder outlive a power cut. */
    public static void sync(Path folder) throws IOException {
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    /** Makes a folder, and those above it, where there are none. When this returns, its name outlives a power cut. */
    public static void makeFolder(Path folder) throws IOException {
        Path parent = folder.toAbsolutePath().getParent();
        if (parent == null) {
            return;
        }
        if (Files.notExists(parent)) {
            makeFolder(parent);
        }
        Files.createDirectories(folder);
        sync(parent); // also where it is there: whoever made it may have ended before
    }

    private void discard(IOException cause) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }
}
