package io.gatehouse.acceptance;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * Where a broker is, and how one comes in.
 *
 * @param trust the file with the certificates, in PEM, of who may vouch for the broker; without it, who Java trusts
 */
record Access(URI address, Optional<Login> login, Optional<Path> trust) {
    static final String USER = "GATEHOUSE_BROKER_USER";
    static final String PASSWORD = "GATEHOUSE_BROKER_PASSWORD";
    static final String TRUST = "GATEHOUSE_BROKER_TRUST";

    private static final Set<String> PLAIN = Set.of("tcp", "mqtt");
    private static final Set<String> TLS = Set.of("ssl", "mqtts");
    private static final int PORT = 1883;
    private static final int TLS_PORT = 8883;

    record Login(String user, String password) {}

    Access {
        String scheme = String.valueOf(address.getScheme());
        if (!PLAIN.contains(scheme) && !TLS.contains(scheme)
                || address.getHost() == null
                || address.getUserInfo() != null) {
            throw new IllegalArgumentException(
                    "a broker is named as tcp://host:port, or ssl://host:port for TLS; user and" + " password in "
                            + USER + " and " + PASSWORD + ", where other users of the machine do not see them");
        }
    }

    /** To one that lets everybody in. */
    static Access to(URI address) {
        return new Access(address, Optional.empty(), Optional.empty());
    }

    /** To one that somebody named, with what the environment says beside. */
    static Access named(String address, Map<String, String> environment) {
        return new Access(
                URI.create(address),
                Optional.ofNullable(environment.get(USER))
                        .map(user -> new Login(user, environment.getOrDefault(PASSWORD, ""))),
                Optional.ofNullable(environment.get(TRUST)).map(Path::of));
    }

    /** A client that is not ours, not connected yet. */
    Mqtt5ClientBuilder client(String id) {
        Mqtt5ClientBuilder builder = Mqtt5Client.builder()
                .identifier(id)
                .serverHost(address.getHost())
                .serverPort(port());
        login.ifPresent(who -> builder.simpleAuth()
                .username(who.user())
                .password(who.password().getBytes(StandardCharsets.UTF_8))
                .applySimpleAuth());
        if (isTls()) {
            builder.sslConfig(
                    MqttClientSslConfig.builder().trustManagerFactory(trusted()).build());
        }
        return builder;
    }

    /** A connection on which nothing was said yet. */
    Socket connect() throws IOException {
        if (!isTls()) {
            return new Socket(address.getHost(), port());
        }
        SSLSocket socket = (SSLSocket) context().getSocketFactory().createSocket(address.getHost(), port());
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    /** A CONNECT as this broker wants it, of one that says no name. */
    Packet admitted(Packet connect) {
        return login.map(who -> connect.from(who.user(), who.password())).orElse(connect);
    }

    private int port() {
        int usual = isTls() ? TLS_PORT : PORT;
        return address.getPort() > 0 ? address.getPort() : usual;
    }

    private boolean isTls() {
        return TLS.contains(address.getScheme());
    }

    private SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trusted().getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no TLS to " + address, e);
        }
    }

    private TrustManagerFactory trusted() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trust.isPresent() ? read(trust.get()) : null);
            return factory;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + trust + ", which " + TRUST + " names", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no certificates in " + trust + ", which " + TRUST + " names", e);
        }
    }

    private static KeyStore read(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(file)) {
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry(String.valueOf(store.size()), certificate);
            }
        }
        return store;
    }

    /** The password would stand in it. */
    @Override
    public String toString() {
        return address.toString();
    }
}
