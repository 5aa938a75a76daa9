package io.gatehouse.acceptance;

import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.Jar;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** Makes real bundles for tests, as a vendor's build would: compiled by javac, packed by bnd. */
final class Bundles {
    private final Path folder;
    private final List<Path> libraries;

    Bundles(Path folder) {
        this(folder, List.of());
    }

    /** Makes bundles that use what is in these jars, and import it from who is there at run time. */
    Bundles(Path folder, List<Path> libraries) {
        this.folder = folder;
        this.libraries = List.copyOf(libraries);
    }

    /** {@code group:artifact:version} of a bundle, made of its own names. */
    static String id(Path bundle) {
        try (JarFile jar = new JarFile(bundle.toFile())) {
            Attributes headers = jar.getManifest().getMainAttributes();
            String name = headers.getValue("Bundle-SymbolicName").split(";", 2)[0];
            return "com.acme:" + name + ":" + headers.getValue("Bundle-Version");
        } catch (IOException | NullPointerException e) {
            return "com.acme:" + bundle.getFileName() + ":0"; // not a bundle, which is what some tests are about
        }
    }

    /** A bundle with one collector that publishes at {@code example/<name>} which version it is. */
    Path collector(String name, String version) {
        return component(name, version, "");
    }

    /** As {@link #collector}, of no use without a license; its package is for others too. */
    Path licensed(String name, String version, String license) {
        return bundle(
                "com.acme." + name,
                version,
                Map.of(
                        "Require-Capability",
                        "io.gatehouse.license;filter:=\"(io.gatehouse.license=" + license + ")\";effective:=active",
                        "Export-Package",
                        "com.acme." + name),
                "C" + name,
                collectorSource(name, version, ""));
    }

    /** As {@link #collector}, in need of a package. */
    Path needing(String name, String version, String imported) {
        return bundle(
                "com.acme." + name,
                version,
                Map.of("Import-Package", imported + ",*"),
                "C" + name,
                collectorSource(name, version, ""));
    }

    /** As {@link #collector}, with more in the class: members, or annotations on members. */
    Path component(String name, String version, String members) {
        return bundle("com.acme." + name, version, Map.of(), "C" + name, collectorSource(name, version, members));
    }

    private static String collectorSource(String name, String version, String members) {
        return """
                @org.osgi.service.component.annotations.Component
                @io.gatehouse.api.telemetry.Publishes(topic = "example/%s", period = "PT0.2S")
                public class C%s implements io.gatehouse.api.telemetry.Collector {
                    %s
                    public io.gatehouse.api.telemetry.Reading read() {
                        return io.gatehouse.api.telemetry.Reading.of("version", "%s");
                    }
                }
                """.formatted(name, name, members, version);
    }

    /** A bundle whose activator runs this on start. */
    Path activator(String name, String version, String onStart) {
        return bundle(
                "com.acme." + name,
                version,
                Map.of("Bundle-Activator", "com.acme." + name + ".A" + name),
                "A" + name,
                """
                public class A%s implements org.osgi.framework.BundleActivator {
                    public void start(org.osgi.framework.BundleContext context) throws Exception { %s }
                    public void stop(org.osgi.framework.BundleContext context) { }
                }
                """.formatted(name, onStart));
    }

    /** A bundle with one class in its package, which is named as the bundle is. */
    Path bundle(String symbolicName, String version, Map<String, String> headers, String type, String source) {
        try {
            Path work = Files.createTempDirectory(folder, "plugin");
            Path java = work.resolve("src").resolve(type + ".java");
            Files.createDirectories(java.getParent());
            Files.writeString(java, "package " + symbolicName + ";\n" + source);
            Path classes = Files.createDirectories(work.resolve("classes"));
            compile(java, classes);
            return pack(work, classes, symbolicName, version, headers);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot build " + symbolicName, e);
        }
    }

    private void compile(Path java, Path classes) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        int result = compiler.run(
                null,
                messages,
                messages,
                "--release",
                "17",
                "-proc:none",
                "-cp",
                path(),
                "-d",
                classes.toString(),
                java.toString());
        if (result != 0) {
            throw new IllegalStateException("javac: " + messages.toString(StandardCharsets.UTF_8));
        }
    }

    /** The libraries first: one of the tests' own may be another version of the same. */
    private String path() {
        return Stream.concat(libraries.stream().map(Path::toString), Stream.of(System.getProperty("java.class.path")))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private Path pack(Path work, Path classes, String name, String version, Map<String, String> headers)
            throws IOException {
        try (Builder builder = new Builder()) {
            builder.setClasspath(classPath(classes));
            builder.setBundleSymbolicName(name);
            builder.setBundleVersion(version);
            builder.setProperty("-includeresource", classes.toString());
            builder.setProperty("-noextraheaders", "true");
            builder.setProperty("-reproducible", "true");
            headers.forEach(builder::setProperty);
            Jar jar = builder.build();
            if (!builder.getErrors().isEmpty()) {
                throw new IllegalStateException("bnd: " + builder.getErrors());
            }
            Path file = work.resolve(name + "-" + version + ".jar");
            jar.write(file.toFile());
            return file;
        } catch (IOException e) {
            throw e;
        } catch (Exception e) { // bnd's Builder throws nothing narrower
            throw new IOException("cannot pack " + name, e);
        }
    }

    private List<File> classPath(Path classes) {
        List<File> path = new ArrayList<>(List.of(classes.toFile()));
        libraries.forEach(library -> path.add(library.toFile()));
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(File::new)
                .filter(File::isFile)
                .filter(file -> file.getName()
                        .matches("(io\\.gatehouse\\.api|org\\.osgi|osgi|org\\.apache\\.felix\\.health).*"))
                .forEach(path::add);
        return path;
    }

    /** A copy of a bundle with other headers; an empty value takes one away. */
    Path altered(Path bundle, Map<String, String> headers) {
        try {
            Path copy = Files.createTempDirectory(folder, "altered").resolve(bundle.getFileName());
            try (ZipInputStream in = new ZipInputStream(Files.newInputStream(bundle));
                    ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(copy))) {
                for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                    out.putNextEntry(new ZipEntry(entry.getName()));
                    copy(entry, in, out, headers);
                    out.closeEntry();
                }
            }
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot alter " + bundle, e);
        }
    }

    private static void copy(ZipEntry entry, InputStream in, ZipOutputStream out, Map<String, String> headers)
            throws IOException {
        if (!entry.getName().equals(JarFile.MANIFEST_NAME)) {
            in.transferTo(out);
            return;
        }
        Manifest manifest = new Manifest(in);
        new LinkedHashMap<>(headers).forEach((name, value) -> {
            if (value.isEmpty()) {
                manifest.getMainAttributes().remove(new Attributes.Name(name));
            } else {
                manifest.getMainAttributes().putValue(name, value);
            }
        });
        manifest.write(out);
    }

    /** A copy of a bundle with another version, and with these entries in place of those of the same name, or beside them. */
    Path repacked(Path bundle, String version, Map<String, byte[]> entries) {
        Path copy = altered(bundle, Map.of("Bundle-Version", version));
        try (FileSystem zip = FileSystems.newFileSystem(copy)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                Files.write(zip.getPath(entry.getKey()), entry.getValue());
            }
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot repack " + bundle, e);
        }
    }

    /** An entry of a bundle. */
    static byte[] entry(Path bundle, String name) {
        try (JarFile jar = new JarFile(bundle.toFile());
                InputStream in = jar.getInputStream(jar.getEntry(name))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name + " of " + bundle, e);
        }
    }

    /** The bundle's version with the micro part raised by so much. */
    static String raised(Path bundle, int by) {
        try (JarFile jar = new JarFile(bundle.toFile())) {
            String version = jar.getManifest().getMainAttributes().getValue("Bundle-Version");
            String[] parts = version.split("\\.", 4);
            return parts[0] + "." + parts[1] + "." + (Integer.parseInt(parts[2]) + by);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + bundle, e);
        }
    }

    /** A copy of a file with one bit flipped. */
    Path damaged(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length / 2] ^= 1;
            Path copy = Files.createTempDirectory(folder, "damaged").resolve(file.getFileName());
            return Files.write(copy, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot damage " + file, e);
        }
    }

    /** A copy of a file with its last third cut off. */
    Path truncated(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            Path copy = Files.createTempDirectory(folder, "truncated").resolve(file.getFileName());
            return Files.write(copy, Arrays.copyOf(bytes, bytes.length * 2 / 3));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot truncate " + file, e);
        }
    }
}
