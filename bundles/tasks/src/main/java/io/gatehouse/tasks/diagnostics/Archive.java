package io.gatehouse.tasks.diagnostics;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A zip file of texts, none of which has a secret that is known. What is not in it, and why, is in its last file. */
final class Archive implements AutoCloseable {
    /** Of one file, unpacked. */
    static final int LARGEST = 1 << 20;

    private static final String PROBLEMS = "problems.txt";

    /** Left for the last file and the directory. */
    private static final long SPARE = 64 << 10;

    private final Path file;
    private final ZipOutputStream zip;
    private final Secrets secrets;
    private final long limit;
    private final Set<String> names = new LinkedHashSet<>();
    private final List<String> problems = new ArrayList<>();

    /**
     * Begins it.
     *
     * @param limit bytes that the file may have
     */
    Archive(Path file, Secrets secrets, long limit) throws IOException {
        this.file = file;
        this.zip = new ZipOutputStream(Files.newOutputStream(file));
        this.secrets = secrets;
        this.limit = limit;
    }

    /** Adds a file; nothing where the text is blank. */
    void add(String name, String text) throws IOException {
        if (text.isBlank()) {
            return;
        }
        zip.flush();
        byte[] bytes = secrets.masked(text).getBytes(StandardCharsets.UTF_8);
        // packed text is smaller, so what fits by this fits
        if (Files.size(file) + bytes.length + SPARE > limit) {
            problem(name, "left out: the archive may have " + limit + " bytes; configuration io.gatehouse.artifacts");
            return;
        }
        if (!names.add(name)) {
            problem(name, "left out: there is one of this name");
            return;
        }
        zip.putNextEntry(new ZipEntry(name));
        zip.write(bytes);
        zip.closeEntry();
    }

    /** Notes what is wrong with a file. */
    void problem(String name, String why) {
        problems.add(name + ": " + why);
    }

    int problems() {
        return problems.size();
    }

    /** All files, in their order. */
    List<String> names() {
        return List.copyOf(names);
    }

    /** Adds what is wrong, and ends it. */
    void end() throws IOException {
        String text = problems.isEmpty() ? "none" : String.join("\n", problems);
        zip.putNextEntry(new ZipEntry(PROBLEMS));
        zip.write((secrets.masked(text) + "\n").getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
        names.add(PROBLEMS);
        zip.close();
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
