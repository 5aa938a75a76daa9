package io.gatehouse.benchmarks;

import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.Jar;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** Makes bundles as a vendor's build would: compiled by javac, packed by bnd. */
final class PlugIns {
    private static final String CLASS_PATH = System.getProperty("java.class.path");
    private static final int BLOCK = 1 << 16;

    private final Path folder;

    PlugIns(Path folder) {
        this.folder = folder;
    }

    /**
     * A bundle with one class.
     *
     * @param name of the package and the bundle
     * @param type of the class
     * @param body what stands in the file behind the package's declaration
     */
    Path bundle(String name, String version, String type, String body) throws IOException {
        Path work = Files.createTempDirectory(folder, "plug-in");
        Path source = Files.writeString(work.resolve(type + ".java"), "package " + name + ";\n" + body);
        Path classes = Files.createDirectories(work.resolve("classes"));
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        int result = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        messages,
                        messages,
                        "--release",
                        "17",
                        "-proc:none",
                        "-cp",
                        CLASS_PATH,
                        "-d",
                        classes.toString(),
                        source.toString());
        if (result != 0) {
            throw new IOException("cannot compile " + source + ": " + messages.toString(StandardCharsets.UTF_8));
        }
        return pack(classes, name, version, work.resolve(name + "-" + version + ".jar"));
    }

    private static Path pack(Path classes, String name, String version, Path file) throws IOException {
        try (Builder builder = new Builder()) {
            builder.setClasspath(Stream.concat(
                            Stream.of(classes.toFile()),
                            Arrays.stream(CLASS_PATH.split(File.pathSeparator, -1))
                                    .map(File::new)
                                    .filter(File::isFile))
                    .toList());
            builder.setBundleSymbolicName(name);
            builder.setBundleVersion(version);
            builder.setProperty("-includeresource", classes.toString());
            Jar jar = builder.build();
            if (!builder.getErrors().isEmpty()) {
                throw new IOException("bnd: " + builder.getErrors());
            }
            jar.write(file.toFile());
            return file;
        } catch (IOException e) {
            throw e;
        } catch (Exception e) { // bnd's own methods declare nothing narrower
            throw new IOException("cannot pack " + name, e);
        }
    }

    /** A bundle of about this size that does nothing: bytes that do not compress. */
    Path ballast(String name, String version, long size, Random random) throws IOException {
        Path file = folder.resolve(name + "-" + version + ".jar");
        Manifest manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.putValue("Bundle-ManifestVersion", "2");
        headers.putValue("Bundle-SymbolicName", name);
        headers.putValue("Bundle-Version", version);
        byte[] block = new byte[BLOCK];
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.setLevel(0);
            jar.putNextEntry(new JarEntry("ballast"));
            for (long written = 0; written < size; written += block.length) {
                random.nextBytes(block);
                jar.write(block);
            }
            jar.closeEntry();
        }
        return file;
    }
}
