package io.gatehouse.dispatch;

import java.io.FileOutputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Payloads on flash: one file a topic, its name the topic in the form of URLs, its bytes the payload's.
 *
 * @param folder theirs alone
 */
record WishFiles(Path folder) {
    private static final System.Logger LOG = System.getLogger(WishFiles.class.getName());

    /** What is being written: no topic of a device begins with a dot. */
    private static final String NEW = ".new";

    private static final int LONGEST_NAME = 255;

    /** All that is kept, by topic. What cannot be read is left out, and stays. */
    Map<String, byte[]> read() {
        Map<String, byte[]> all = new LinkedHashMap<>();
        try {
            Files.createDirectories(folder);
            Files.deleteIfExists(folder.resolve(NEW));
            try (Stream<Path> files = Files.list(folder)) {
                files.filter(Files::isRegularFile).sorted().forEach(file -> read(file, all));
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "cannot read what is desired from " + folder, e);
        }
        return all;
    }

    private static void read(Path file, Map<String, byte[]> all) {
        try {
            String topic = URLDecoder.decode(String.valueOf(file.getFileName()), StandardCharsets.UTF_8);
            all.put(topic, Files.readAllBytes(file));
        } catch (IOException | IllegalArgumentException e) {
            LOG.log(System.Logger.Level.ERROR, "cannot read what is desired from " + file, e);
        }
    }

    /** When this returns, the payload outlives a power cut; whenever the power goes, the file is whole. */
    void write(String topic, byte[] payload) throws IOException {
        Path file = file(topic);
        Path fresh = folder.resolve(NEW);
        try (FileOutputStream out = new FileOutputStream(fresh.toFile())) {
            out.write(payload);
            out.getFD().sync();
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        syncFolder();
    }

    void delete(String topic) throws IOException {
        Files.deleteIfExists(file(topic));
        syncFolder();
    }

    private Path file(String topic) throws IOException {
        String name = URLEncoder.encode(topic, StandardCharsets.UTF_8);
        if (name.length() > LONGEST_NAME) {
            throw new IOException("no file can bear the name of a topic as long as \"" + topic + "\"");
        }
        return folder.resolve(name);
    }

    private void syncFolder() throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
