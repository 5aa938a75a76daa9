package io.gatehouse.deployment;

import io.gatehouse.protocol.trust.Vendor;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.zip.ZipFile;
import jdk.security.jarsigner.JarSigner;

/** A vendor's CA and what it vouches for, made by {@code keytool} and used as {@code jarsigner} does. */
final class VendorKeys {
    private static final String PASSWORD = "changeit";

    private final Path store;

    /**
     * Makes a CA, {@code ca}, valid for ten years from 2025.
     *
     * @param folder for a keystore
     */
    VendorKeys(Path folder, String name) throws Exception {
        store = folder.resolve(name + ".p12");
        keytool(List.of(
                "-genkeypair",
                "-alias",
                "ca",
                "-dname",
                "CN=" + name,
                "-startdate",
                "2025/01/01 00:00:00",
                "-validity",
                "3650",
                "-ext",
                "bc:c"));
    }

    /** A certificate below the CA, valid from 2025 for so many days. */
    void certify(String alias, int days, String... more) throws Exception {
        keytool(
                List.of(
                        "-genkeypair",
                        "-alias",
                        alias,
                        "-dname",
                        "CN=" + alias,
                        "-startdate",
                        "2025/01/01 00:00:00",
                        "-validity",
                        Integer.toString(days),
                        "-signer",
                        "ca"),
                more);
    }

    /** As a trust document names it. */
    Vendor vendor(String... names) throws Exception {
        return vendor(Map.of(), names);
    }

    /** The same, with these grants. */
    Vendor vendor(Map<String, ?> grants, String... names) throws Exception {
        Path pem = Files.createTempFile(store.getParent(), "ca", ".pem");
        Files.delete(pem);
        keytool(List.of("-exportcert", "-alias", "ca", "-rfc", "-file", pem.toString()));
        return new Vendor("acme", Files.readString(pem), List.of(names), grants);
    }

    /** A signed copy. */
    Path sign(Path jar, String alias) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        KeyStore.PrivateKeyEntry entry = (KeyStore.PrivateKeyEntry)
                keys.getEntry(alias, new KeyStore.PasswordProtection(PASSWORD.toCharArray()));
        Path signed = Files.createTempFile(store.getParent(), "signed", ".jar");
        try (ZipFile in = new ZipFile(jar.toFile());
                OutputStream out = Files.newOutputStream(signed)) {
            new JarSigner.Builder(entry).signerName(alias).build().sign(in, out);
        }
        return signed;
    }

    /** A copy in which an entry has another content, or is new. */
    static Path with(Path jar, String entry, String content) throws IOException {
        Path copy = Files.createTempFile(jar.getParent(), "changed", ".jar");
        Files.write(copy, Files.readAllBytes(jar));
        try (FileSystem zip = FileSystems.newFileSystem(URI.create("jar:" + copy.toUri()), Map.of())) {
            Path file = zip.getPath(entry);
            if (file.getParent() != null) {
                Files.createDirectories(file.getParent());
            }
            Files.writeString(file, content);
        }
        return copy;
    }

    /** A copy whose manifest has another main attribute. */
    static Path withHeader(Path jar, String name, String value) throws IOException {
        try (JarFile in = new JarFile(jar.toFile(), false)) {
            var manifest = in.getManifest();
            manifest.getMainAttributes().putValue(name, value);
            var bytes = new java.io.ByteArrayOutputStream();
            manifest.write(bytes);
            return with(jar, "META-INF/MANIFEST.MF", bytes.toString(java.nio.charset.StandardCharsets.UTF_8));
        }
    }

    private void keytool(List<String> what, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(what);
        command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
        if (what.contains("-genkeypair")) {
            command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
        }
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(command + ": " + said);
        }
    }
}
