package io.gatehouse.cli.ca;

import io.gatehouse.cli.fleet.Security;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.protocol.trust.PrivateKeyFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * By what this program believes a broker, and shows who it is.
 *
 * @param ca certificates of who may vouch for the broker, in PEM; without it, whom Java trusts
 * @param certificate in PEM, with those that lead to its authority
 * @param key the certificate's, in PEM
 */
public record TlsFiles(Optional<Path> ca, Optional<Path> certificate, Optional<Path> key) {
    private static final char[] NO_PASSWORD = new char[0];

    /**
     * Reads the files, where there are any.
     *
     * @throws Trouble if one of them is not what it must be
     */
    public Security security() throws Trouble {
        boolean isGiven = ca.isPresent() || certificate.isPresent() || key.isPresent();
        return isGiven ? new Security(Optional.of(context()), false) : Security.USUAL;
    }

    private SSLContext context() throws Trouble {
        if (certificate.isPresent() != key.isPresent()) {
            throw new Trouble(Trouble.Kind.USAGE, "--cert and --cert-key go together");
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(), trusted(), null);
            return context;
        } catch (NoSuchFileException e) {
            throw new Trouble(Trouble.Kind.USAGE, "no such file: " + e.getFile(), e);
        } catch (IOException | GeneralSecurityException e) {
            throw new Trouble(Trouble.Kind.USAGE, "cannot prepare TLS: " + e.getMessage(), e);
        }
    }

    private KeyManager[] keys() throws IOException, GeneralSecurityException {
        if (certificate.isEmpty() || key.isEmpty()) {
            return new KeyManager[0];
        }
        Certificate[] chain = certificates(certificate.get()).toArray(Certificate[]::new);
        PrivateKey own = PrivateKeyFile.read(key.get(), chain[0].getPublicKey().getAlgorithm());
        KeyStore store = empty();
        store.setKeyEntry("own", own, NO_PASSWORD, chain);
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private TrustManager @Nullable [] trusted() throws IOException, GeneralSecurityException {
        if (ca.isEmpty()) {
            return null; // whom Java trusts
        }
        KeyStore store = empty();
        for (Certificate one : certificates(ca.get())) {
            store.setCertificateEntry("trusted-" + store.size(), one);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        return store;
    }

    private static Collection<? extends Certificate> certificates(Path file)
            throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> read =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (read.isEmpty()) {
                throw new IOException(file + " has no certificate in PEM");
            }
            return read;
        }
    }
}
