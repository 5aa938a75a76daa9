package io.gatehouse.deployment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A JAR file: read, or refused by {@link Refused}. */
public final class JarsFuzz {
    private static final Path FILE = file();

    private JarsFuzz() {}

    /** Reads its manifest, every entry and its signatures. */
    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        Files.write(FILE, data);
        try {
            Jar jar = Jar.verify("made:up:1", FILE);
            JarSignature ignored = JarSignature.read(jar.symbolicName(), FILE);
        } catch (Refused e) {
            String ignored = e.getMessage();
        }
    }

    private static Path file() {
        try {
            Path file = Files.createTempFile("fuzz", ".jar");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
