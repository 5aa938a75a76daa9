package io.gatehouse.transport.mqtt;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An authority, and a broker that it vouches for, made by the JDK's keytool. */
final class Certificates {
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final Path folder;
    private final KeyStore keys;

    /**
     * Makes both.
     *
     * @param names the broker's, for example {@code dns:localhost} or {@code ip:127.0.0.1}
     */
    Certificates(Path folder, String names) throws Exception {
        this.folder = folder;
        keytool("-genkeypair", "-alias", "authority", "-dname", "CN=authority", "-ext", "bc:c");
        keytool("-genkeypair", "-alias", "broker", "-dname", "CN=x", "-ext", "san=" + names, "-signer", "authority");
        keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store())) {
            keys.load(in, PASSWORD);
        }
    }

    /** The authority's certificate, in PEM. */
    Path authority() throws IOException, GeneralSecurityException {
        return pem(
                "authority.pem", "CERTIFICATE", keys.getCertificate("authority").getEncoded());
    }

    /** The broker's certificate, in PEM. */
    Path certificate() throws IOException, GeneralSecurityException {
        return pem("broker.pem", "CERTIFICATE", keys.getCertificate("broker").getEncoded());
    }

    /** The broker's private key, in PEM. */
    Path key() throws IOException, GeneralSecurityException {
        return pem(
                "broker-key.pem", "PRIVATE KEY", keys.getKey("broker", PASSWORD).getEncoded());
    }

    /** Sockets of the broker in this process. */
    ServerSocketFactory sockets() throws IOException, GeneralSecurityException {
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        own.setKeyEntry("broker", keys.getKey("broker", PASSWORD), PASSWORD, keys.getCertificateChain("broker"));
        managers.init(own, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context.getServerSocketFactory();
    }

    /** What a device has that trusts this authority, which vouches for it by this name. */
    SSLContext device(String name) throws Exception {
        keytool("-genkeypair", "-alias", "device", "-dname", "CN=" + name, "-signer", "authority");
        KeyStore whole = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store())) {
            whole.load(in, PASSWORD);
        }
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        own.setKeyEntry("device", whole.getKey("device", PASSWORD), PASSWORD, whole.getCertificateChain("device"));
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(own, PASSWORD);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("authority", whole.getCertificate("authority"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private Path store() {
        return folder.resolve("keys.p12");
    }

    private Path pem(String name, String kind, byte[] content) throws IOException {
        String base64 = Base64.getMimeEncoder().encodeToString(content);
        return Files.writeString(
                folder.resolve(name), "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n");
    }

    private void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", store().toString(), "-storepass", new String(PASSWORD)));
        command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1", "-validity", "2"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said);
        }
    }
}
