package com.example.amqp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Two who know each other by certificates that {@code keytool} made: a broker and a device. */
final class Certificates {
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final KeyStore broker;
    private final KeyStore device;

    /** Makes them in this folder; the broker's is for this address. */
    Certificates(Path folder, String address) throws IOException, GeneralSecurityException, InterruptedException {
        broker = key(folder.resolve("broker.p12"), "CN=broker", "-ext", "san=ip:" + address);
        device = key(folder.resolve("device.p12"), "CN=device");
    }

    private static KeyStore key(Path store, String name, String... more)
            throws IOException, GeneralSecurityException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD),
                "-alias",
                "key",
                "-dname",
                name,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1"));
        command.addAll(List.of(more));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            throw new IOException(command + ": " + said);
        }
        return KeyStore.getInstance(store.toFile(), PASSWORD);
    }

    /** What the broker shows, and whom it trusts. */
    SSLContext ofBroker() throws GeneralSecurityException, IOException {
        return context(broker, device);
    }

    /** What the device shows, and whom it trusts. */
    SSLContext ofDevice() throws GeneralSecurityException, IOException {
        return context(device, broker);
    }

    private static SSLContext context(KeyStore own, KeyStore other) throws GeneralSecurityException, IOException {
        KeyManagerFactory shown = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        shown.init(own, PASSWORD);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("other", other.getCertificate("key"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(shown.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
