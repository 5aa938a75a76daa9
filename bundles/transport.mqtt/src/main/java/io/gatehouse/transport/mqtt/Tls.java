package io.gatehouse.transport.mqtt;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** TLS, with nobody but whom somebody trusted calls by the name that was asked for. */
final class Tls {
    private final SSLContext context;
    private final List<String> versions;

    private Tls(SSLContext context, List<String> versions) {
        this.context = context;
        this.versions = versions;
    }

    /**
     * Trusts whom the fleet does, and shows its certificate. Without that it trusts whose certificates stand in this file, in
     * PEM, and nobody else; without a file, whom this Java trusts.
     *
     * @throws IOException with the file's name, where it has no certificates
     */
    static Tls of(Security security, Optional<Path> authorities) throws IOException, GeneralSecurityException {
        SSLContext context = security.fleet().isPresent()
                ? security.fleet().get()
                : authorities.isPresent() ? trusting(authorities.get()) : SSLContext.getDefault();
        return new Tls(context, security.protocols());
    }

    private static SSLContext trusting(Path authorities) throws IOException, GeneralSecurityException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(certificates(authorities));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /** Agrees with whoever is at the other end of a connection; the name is held against its certificate. */
    SSLSocket over(Socket connected, String host, int port) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(connected, host, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(versions.toArray(String[]::new));
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static KeyStore certificates(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(file)) {
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("trusted-" + store.size(), certificate);
            }
        } catch (NoSuchFileException e) {
            throw new IOException("\"trust\" is " + file + ", and there is no such file", e);
        } catch (IOException | GeneralSecurityException e) {
            throw new IOException("\"trust\" is " + file + ", which cannot be read: " + e.getMessage(), e);
        }
        if (store.size() == 0) {
            throw new IOException("\"trust\" is " + file + ", which has no certificate in PEM");
        }
        return store;
    }
}
