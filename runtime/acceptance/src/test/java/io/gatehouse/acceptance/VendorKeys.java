package io.gatehouse.acceptance;

import io.gatehouse.protocol.trust.Vendor;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import jdk.security.jarsigner.JarSigner;

/** A vendor who signs bundles as {@code jarsigner} does, with a CA's key made by {@code keytool}. */
final class VendorKeys {
    private static final String PASSWORD = "changeit";

    private final String name;
    private final Path folder;
    private final Path store;

    VendorKeys(Path folder, String name) {
        this.name = name;
        this.folder = folder;
        this.store = folder.resolve(name + ".p12");
        keytool(
                "-genkeypair",
                "-alias",
                "ca",
                "-dname",
                "CN=" + name,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-ext",
                "bc:c");
    }

    /** As a trust document names it. */
    Vendor vendor(Map<String, ?> grants, String... names) {
        try {
            Path pem = Files.createTempDirectory(folder, "ca").resolve("ca.pem");
            keytool("-exportcert", "-alias", "ca", "-rfc", "-file", pem.toString());
            return new Vendor(name, Files.readString(pem), List.of(names), grants);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot export the certificate of " + name, e);
        }
    }

    /** A signed copy. */
    Path sign(Path jar) {
        try {
            KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
            KeyStore.PrivateKeyEntry entry = (KeyStore.PrivateKeyEntry)
                    keys.getEntry("ca", new KeyStore.PasswordProtection(PASSWORD.toCharArray()));
            Path signed = Files.createTempDirectory(folder, "signed").resolve(jar.getFileName());
            try (ZipFile in = new ZipFile(jar.toFile());
                    OutputStream out = Files.newOutputStream(signed)) {
                new JarSigner.Builder(entry).signerName("vendor").build().sign(in, out);
            }
            return signed;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign " + jar, e);
        }
    }

    private void keytool(String... what) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(what));
        command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + ": " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + command, e);
        }
    }
}
