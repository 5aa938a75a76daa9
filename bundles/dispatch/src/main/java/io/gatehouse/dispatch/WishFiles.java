package io.gatehouse.dispatch;

import io.gatehouse.protocol.Topic;
import io.gatehouse.protocol.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What was accepted, on flash: one file a topic, its name the topic in the form of URLs.
 *
 * @param folder theirs alone
 */
record WishFiles(Path folder) {
    private static final System.Logger LOG = System.getLogger(WishFiles.class.getName());

    /** What is being written: no topic of a device begins with a dot. */
    private static final String NEW = ".new";

    private static final int LONGEST_NAME = 255;
    private static final int LARGEST_FILE = Decoder.LARGEST_PAYLOAD + 1024;

    /**
     * The files that there are, by topic; whether they can be read is not said. What no topic is named by is left out.
     *
     * @throws IOException where that cannot be told, which does not mean that there are none
     */
    Map<Topic.Desired, Path> list() throws IOException {
        Map<Topic.Desired, Path> all = new LinkedHashMap<>();
        if (Files.notExists(folder)) {
            return all;
        }
        clean();
        try (Stream<Path> entries = Files.list(folder)) {
            entries.filter(entry -> !Files.isDirectory(entry)).sorted().forEach(file -> topic(file)
                    .ifPresent(topic -> all.put(topic, file)));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return all;
    }

    KeptWish read(Path file) throws IOException {
        long size = Files.size(file);
        if (size > LARGEST_FILE) {
            throw new IOException(Decoder.tooLarge(size)); // what a broken file system makes up may not fit into memory
        }
        return KeptWish.read(Files.readAllBytes(file));
    }

    /** Whether a file can be named after the topic. */
    static boolean canName(Topic.Desired topic) {
        return name(topic).length() <= LONGEST_NAME;
    }

    Path file(Topic.Desired topic) {
        return folder.resolve(name(topic));
    }

    /** When this returns, it outlives a power cut; whenever the power goes, the file is whole. */
    void write(Topic.Desired topic, KeptWish kept) throws IOException {
        if (Files.notExists(folder)) {
            Files.createDirectories(folder);
            Path parent = folder.toAbsolutePath().getParent();
            if (parent != null) {
                WholeFile.sync(parent);
            }
        }
        new WholeFile(file(topic), folder.resolve(NEW)).write(kept.write());
    }

    /** Takes away what a power cut left half written. */
    private void clean() {
        try {
            Files.deleteIfExists(folder.resolve(NEW));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "stays until the next write: " + folder.resolve(NEW), e);
        }
    }

    private static Optional<Topic.Desired> topic(Path file) {
        String name = String.valueOf(file.getFileName());
        try {
            if (Topic.parse(URLDecoder.decode(name, StandardCharsets.UTF_8)).orElse(null)
                    instanceof Topic.Desired topic) {
                return Optional.of(topic);
            }
        } catch (IllegalArgumentException e) {
            LOG.log(System.Logger.Level.WARNING, "no file of ours has such a name: " + file, e);
        }
        return Optional.empty();
    }

    private static String name(Topic.Desired topic) {
        return URLEncoder.encode(topic.toString(), StandardCharsets.UTF_8);
    }
}
