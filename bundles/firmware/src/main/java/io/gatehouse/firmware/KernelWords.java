package io.gatehouse.firmware;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the kernel said before it died, where the machine keeps that over a restart: {@code pstore}. */
final class KernelWords {
    private static final System.Logger LOG = System.getLogger(KernelWords.class.getName());
    private static final String RECORD = "dmesg-";
    private static final Pattern PANIC = Pattern.compile("Kernel panic[^\\n]*");
    private static final Pattern HEADING = Pattern.compile("(?m)^Panic#[^\\n]*");

    private final Path folder;

    KernelWords(Path root) {
        this.folder = root.resolve("sys/fs/pstore");
    }

    /** What lies there, each by its name and time: whatever is not among these later is newer, whichever clock was right. */
    Set<String> present() {
        return files().stream().map(KernelWords::stamp).collect(Collectors.toUnmodifiableSet());
    }

    /** The first words of a panic that was not there then. */
    Optional<String> panic(Set<String> known) {
        return newer(known).stream()
                .filter(file -> String.valueOf(file.getFileName()).startsWith(RECORD))
                .flatMap(file -> panic(text(file)).stream())
                .findFirst();
    }

    private static Optional<String> panic(String text) {
        return Stream.of(PANIC, HEADING)
                .map(words -> words.matcher(text))
                .filter(Matcher::find)
                .map(Matcher::group)
                .findFirst();
    }

    /** All that was not there then, also what is of no panic. */
    List<Path> newer(Set<String> known) {
        return files().stream().filter(file -> !known.contains(stamp(file))).toList();
    }

    private List<Path> files() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            all.forEach(files::add);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot read what the kernel said last", e);
        }
        files.sort(null);
        return files;
    }

    private static String stamp(Path file) {
        try {
            return file.getFileName() + "@" + Files.getLastModifiedTime(file).toMillis();
        } catch (IOException e) {
            return String.valueOf(file.getFileName());
        }
    }

    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot read " + file, e);
            return "";
        }
    }
}
