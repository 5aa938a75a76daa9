package io.gatehouse.tasks.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A file that takes the place of another, or of none: written beside it, put on flash, and renamed. A power cut finds the old one or the
 * new one, and at worst what was written of the new one beside it.
 */
record Replacement(Place place, Optional<PosixFileAttributes> old, Set<PosixFilePermission> mode) {
    private static final Set<PosixFilePermission> OURS =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    void with(Path bytes) throws IOException {
        Path beside = Path.of("." + UUID.randomUUID() + ".part");
        SeekableByteChannel to = place.folder()
                .newByteChannel(
                        beside,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                        PosixFilePermissions.asFileAttribute(OURS));
        boolean isDone = false;
        try {
            try (to) {
                dress(place.view(beside));
                write(bytes, to);
            }
            place.folder().move(beside, place.folder(), place.name());
            isDone = true;
        } finally {
            if (!isDone) {
                place.folder().deleteFile(beside);
            }
        }
        sync();
    }

    /** Before it is put on flash, so that it is there whole with all that belongs to it. */
    private void dress(PosixFileAttributeView view) throws IOException {
        PosixFileAttributes made = view.readAttributes();
        if (old.isPresent() && !old.get().owner().equals(made.owner())) {
            view.setOwner(old.get().owner());
        }
        if (old.isPresent() && !old.get().group().equals(made.group())) {
            view.setGroup(old.get().group());
        }
        view.setPermissions(mode);
    }

    private void write(Path bytes, SeekableByteChannel to) throws IOException {
        try (SeekableByteChannel from = Files.newByteChannel(bytes)) {
            ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
            while (from.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
                buffer.clear();
            }
        }
        if (!(to instanceof FileChannel file)) {
            throw new FileSystemException(place.folderPath().toString(), null, "files there cannot be synced");
        }
        file.force(true);
    }

    private void sync() throws IOException {
        try (FileChannel folder = FileChannel.open(place.folderPath(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }
}
