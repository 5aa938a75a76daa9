package io.gatehouse.deployment;

import io.gatehouse.software.Part;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import org.apache.felix.utils.resource.ResourceBuilder;
import org.apache.felix.utils.resource.SimpleFilter;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.osgi.resource.Namespace;
import org.osgi.resource.Requirement;
import org.osgi.resource.Resource;

/**
 * A bundle's JAR file.
 *
 * @param headers of its manifest's main section, found in whatever letters a name is written, as the framework does
 */
record Jar(Path file, String symbolicName, Version version, Map<String, String> headers) implements Named {
    private static final int BUFFER = 1 << 13;

    /** A hundred kilobytes can hold a hundred megabytes of zeros; no bundle of a gateway has so much. */
    private static final long MOST_UNPACKED = 256L << 20;

    Jar {
        Map<String, String> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        byName.putAll(headers);
        headers = Collections.unmodifiableMap(byName);
    }

    /**
     * Reads the manifest.
     *
     * @param id what an operator knows it by
     */
    static Jar read(String id, Path file) throws Refused {
        try (JarFile jar = new JarFile(file.toFile(), false)) {
            return read(id, file, jar);
        } catch (IOException | IllegalArgumentException e) { // the latter where an entry's name is no UTF-8
            throw unreadable(id, file, e);
        }
    }

    /** Reads the manifest and every entry to its end, as far as that can be a bundle's. */
    static Jar verify(String id, Path file) throws Refused {
        try (JarFile jar = new JarFile(file.toFile(), false)) {
            byte[] buffer = new byte[BUFFER];
            long left = MOST_UNPACKED;
            for (Enumeration<? extends ZipEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
                left -= verify(jar, entries.nextElement(), buffer, left);
                if (left < 0) {
                    throw new Refused(
                            "too-large", id + " has more than " + MOST_UNPACKED + " bytes when it is unpacked");
                }
            }
            return read(id, file, jar);
        } catch (IOException | IllegalArgumentException e) { // the latter where an entry's name is no UTF-8
            throw unreadable(id, file, e);
        }
    }

    /** The symbolic name of the bundle to which it is a fragment; nothing for other bundles. */
    Optional<String> host() {
        return name(headers, Constants.FRAGMENT_HOST);
    }

    /** What its manifest needs and provides. */
    Resource resource() throws Refused {
        try {
            Resource resource = ResourceBuilder.build(file.toUri().toString(), headers);
            for (Requirement requirement : resource.getRequirements(null)) {
                String filter = requirement.getDirectives().get(Namespace.REQUIREMENT_FILTER_DIRECTIVE);
                if (filter != null) {
                    SimpleFilter.parse(filter); // as whoever asks for what matches it will do
                }
            }
            return resource;
        } catch (BundleException | IllegalArgumentException e) {
            throw new Refused("not-a-bundle", this + " has a manifest that is wrong: " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return symbolicName + " " + version;
    }

    /** How many bytes it has; no more than one buffer beyond these are read. */
    private static long verify(JarFile jar, ZipEntry entry, byte[] buffer, long most) throws IOException {
        CRC32 sum = new CRC32();
        long size = 0;
        try (InputStream in = jar.getInputStream(entry)) {
            for (int read = in.read(buffer); read >= 0 && size <= most; read = in.read(buffer)) {
                sum.update(buffer, 0, read);
                size += read;
            }
        }
        if (size <= most && sum.getValue() != entry.getCrc()) {
            throw new IOException("entry " + entry.getName() + " is damaged");
        }
        return size;
    }

    private static Jar read(String id, Path file, JarFile jar) throws IOException, Refused {
        Manifest manifest = jar.getManifest();
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        if (manifest != null) {
            manifest.getMainAttributes().forEach((name, value) -> headers.put(name.toString(), value.toString()));
        }
        if (!"2".equals(headers.get(Constants.BUNDLE_MANIFESTVERSION))) {
            throw notABundle(id, "its manifest has no Bundle-ManifestVersion: 2");
        }
        String symbolicName = name(headers, Constants.BUNDLE_SYMBOLICNAME).orElse("");
        if (!Part.isSymbolicName(symbolicName)) {
            throw notABundle(id, "its Bundle-SymbolicName is \"" + symbolicName + "\"");
        }
        Jar read = new Jar(file, symbolicName, version(id, headers), headers);
        RuntimeParts.refuse(id, read);
        return read;
    }

    /** The name that a header begins with, before its attributes. */
    private static Optional<String> name(Map<String, String> headers, String header) {
        return Optional.ofNullable(headers.get(header))
                .map(value -> value.split(";", 2)[0].strip())
                .filter(name -> !name.isEmpty());
    }

    private static Version version(String id, Map<String, String> headers) throws Refused {
        try {
            return Version.parseVersion(headers.get(Constants.BUNDLE_VERSION));
        } catch (IllegalArgumentException e) {
            throw notABundle(id, "its Bundle-Version is \"" + headers.get(Constants.BUNDLE_VERSION) + "\"");
        }
    }

    private static Refused unreadable(String id, Path file, Exception cause) {
        if (!beginsAsJar(file)) {
            return notABundle(id, "it is no JAR file");
        }
        return new Refused(
                "truncated-jar", id + " cannot be read as a JAR file to its end: " + cause.getMessage(), cause);
    }

    private static boolean beginsAsJar(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(2), new byte[] {'P', 'K'});
        } catch (IOException e) {
            return true; // what cannot be read is not judged
        }
    }

    private static Refused notABundle(String id, String why) {
        return new Refused("not-a-bundle", id + " is no bundle: " + why);
    }
}
