package io.gatehouse.protocol.reach;

import io.gatehouse.api.device.Attester;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** Who vouches for whom, made by the JDK's keytool. */
final class Authorities {
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final Path store;

    Authorities(Path folder) {
        this.store = folder.resolve("keys.p12");
    }

    void authority(String alias, String... more) throws IOException, InterruptedException {
        keytool(alias, "CN=" + alias, "EC", more);
    }

    void device(String alias, String name, String... more) throws IOException, InterruptedException {
        keytool(alias, "CN=" + name, "EC", more);
    }

    void withRsa(String alias, String name, String signer) throws IOException, InterruptedException {
        keytool(alias, "CN=" + name, "RSA", "-signer", signer);
    }

    X509Certificate certificate(String alias) throws IOException, GeneralSecurityException {
        return (X509Certificate) open().getCertificate(alias);
    }

    List<X509Certificate> chain(String alias) throws IOException, GeneralSecurityException {
        List<X509Certificate> chain = new ArrayList<>();
        for (Certificate certificate : open().getCertificateChain(alias)) {
            chain.add((X509Certificate) certificate);
        }
        return chain;
    }

    /** Signs as a device does, by the key of that alias. */
    Attester attester(String alias, List<X509Certificate> chain) {
        return (purpose, statement) -> {
            try {
                PrivateKey key = (PrivateKey) open().getKey(alias, PASSWORD);
                Signature signature =
                        Signature.getInstance(key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA");
                signature.initSign(key);
                signature.update(("gatehouse " + purpose + "\0").getBytes(StandardCharsets.UTF_8));
                signature.update(statement);
                return new Attester.Attestation(chain, signature.sign());
            } catch (IOException | GeneralSecurityException e) {
                throw new IllegalStateException(alias + " does not sign", e);
            }
        };
    }

    private KeyStore open() throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        return keys;
    }

    private void keytool(String alias, String name, String algorithm, String... more)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of("-genkeypair", "-alias", alias, "-dname", name));
        command.addAll(List.of("-keystore", store.toString(), "-storepass", new String(PASSWORD)));
        command.addAll(List.of("-keyalg", algorithm));
        command.addAll(algorithm.equals("EC") ? List.of("-groupname", "secp256r1") : List.of("-keysize", "2048"));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said);
        }
    }
}
