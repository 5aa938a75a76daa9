package io.gatehouse.launcher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;

/**
 * JSON files of one folder that are there whole or not at all. Each carries the SHA-256 of what stands before that member,
 * so that one which a failing flash has bent counts as absent.
 */
final class WholeFiles {
    private static final System.Logger LOG = System.getLogger(WholeFiles.class.getName());
    private static final String SEAL = ",\"sha256\":\"";

    private final Path folder;

    WholeFiles(Path folder) {
        this.folder = folder;
    }

    /** Reads a file's object, as far as it is there and whole. */
    Optional<Map<String, Object>> read(String name) {
        try {
            String text = Files.readString(folder.resolve(name));
            int end = text.lastIndexOf(SEAL);
            if (end < 0 || !text.substring(end).equals(seal(text.substring(0, end)))) {
                throw new IOException("is torn: its digest does not match");
            }
            return Optional.of(Json.read(text));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, folder.resolve(name) + " counts as absent", e);
            return Optional.empty();
        }
    }

    /** Replaces a file. Whenever the power goes, the old one or the new one is there, whole. */
    void write(String name, Map<String, ?> object) throws IOException {
        String text = Json.write(object);
        String body = text.substring(0, text.length() - 1);
        Path fresh = folder.resolve(name + ".new");
        try (FileChannel channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap((body + seal(body)).getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        rename(name + ".new", name);
    }

    /** Keeps a file's content under a second name too, without writing it again where the file system can link. */
    void keep(String name, String as) throws IOException {
        Path fresh = folder.resolve(as + ".new");
        Files.deleteIfExists(fresh);
        try {
            Files.createLink(fresh, folder.resolve(name));
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException | UnsupportedOperationException e) {
            // FAT and the like know no links
            Files.copy(folder.resolve(name), fresh);
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        }
        Files.move(fresh, folder.resolve(as), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Gives a file another name, in place of the one that had it. */
    void rename(String name, String to) throws IOException {
        Files.move(folder.resolve(name), folder.resolve(to), StandardCopyOption.ATOMIC_MOVE);
        sync();
    }

    void delete(String name) throws IOException {
        if (Files.deleteIfExists(folder.resolve(name))) {
            sync();
        }
    }

    /** Once a rename is done there is no way back, so a folder that cannot be synced is told and no failure. */
    private void sync() {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot sync the folder " + folder, e);
        }
    }

    private static String seal(String body) {
        return SEAL + Digests.sha256(body.getBytes(StandardCharsets.UTF_8)) + "\"}\n";
    }
}
