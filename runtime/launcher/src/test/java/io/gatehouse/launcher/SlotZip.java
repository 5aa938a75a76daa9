package io.gatehouse.launcher;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The archive of a runtime, made on the fly: a small one that is well, unless it is told otherwise. */
final class SlotZip {
    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    private SlotZip() {}

    /** With one bundle. */
    static SlotZip well(Path scratch) throws Exception {
        Path home = scratch.resolve("zipped");
        Files.createDirectories(home.resolve("bundles"));
        Files.createDirectories(home.resolve("conf"));
        Jar.bundle("a", "1.0.0").write(home.resolve("bundles/a.jar"));
        new Seal(home).write();
        return new SlotZip()
                .entry("bin/gatehouse-gateway", "#!/bin/sh\n")
                .entry("lib/launcher.jar", "a jar")
                .entry("lib/readme.txt", "")
                .entry("bundles/a.jar", Files.readAllBytes(home.resolve("bundles/a.jar")))
                .entry("conf/factory.json", Files.readAllBytes(home.resolve("conf/factory.json")))
                .entry("java/bin/java", "#!/bin/sh\n");
    }

    SlotZip entry(String name, String text) {
        return entry(name, text.getBytes(StandardCharsets.UTF_8));
    }

    SlotZip entry(String name, byte[] bytes) {
        entries.put(name, bytes);
        return this;
    }

    SlotZip without(String name) {
        entries.remove(name);
        return this;
    }

    Path write(Path file) throws IOException {
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                out.putNextEntry(new ZipEntry(entry.getKey()));
                out.write(entry.getValue());
                out.closeEntry();
            }
        }
        return file;
    }

    /**
     * Bends what the central directory says of an entry.
     *
     * @param at place in the entry's header there, PKWARE APPNOTE 4.3.12
     */
    static void bend(Path zip, String name, int at, int... bytes) throws IOException {
        String text = Files.readString(zip, StandardCharsets.ISO_8859_1);
        int header = text.lastIndexOf(name) - 46;
        try (RandomAccessFile file = new RandomAccessFile(zip.toFile(), "rw")) {
            file.seek(header + at);
            for (int one : bytes) {
                file.write(one);
            }
        }
    }
}
