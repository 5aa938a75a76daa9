package io.gatehouse.transport.mqtt;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How to reach a broker, and how much may be on its way.
 *
 * @param address {@code tcp://host:port} or {@code ssl://host:port}, without user and password
 * @param keepAlive seconds of silence after which a sign of life is asked for; zero never asks
 * @param receiveMaximum messages that the broker may send before the first of them is acknowledged
 * @param window messages that may be sent before the first of them is acknowledged; the broker may allow fewer
 * @param willDelay from the loss of the connection until the broker says so
 */
record MqttSettings(
        String address,
        Optional<String> username,
        Optional<byte[]> password,
        int keepAlive,
        int receiveMaximum,
        int window,
        Duration willDelay) {
    static final int KEEP_ALIVE = 60;
    /** With chunks of 64 KiB this keeps 2 MiB on their way, and no more than that in memory. */
    static final int RECEIVE_MAXIMUM = 32;

    static final int WINDOW = 100;
    static final String WILL_DELAY = "PT30S";

    private static final int TWO_BYTES = 65_535;
    private static final Map<String, String> SCHEMES =
            Map.of("tcp", "tcp", "mqtt", "tcp", "ssl", "ssl", "mqtts", "ssl");

    MqttSettings {
        within("keepAlive", keepAlive, 0);
        within("receiveMaximum", receiveMaximum, 1);
        within("window", window, 1);
        if (willDelay.isNegative()) {
            throw new IllegalArgumentException("willDelay must not be negative: " + willDelay);
        }
    }

    /**
     * A broker's address with all else as usual; user and password may stand in it.
     *
     * @throws IllegalArgumentException if it is no address of a broker
     */
    static MqttSettings of(URI uri) {
        String scheme = uri.getScheme();
        String authority = uri.getRawAuthority();
        String path = uri.getRawPath();
        if (scheme == null || !speaks(scheme) || authority == null || !(path.isEmpty() || path.equals("/"))) {
            throw new IllegalArgumentException(
                    "broker address \"" + uri + "\" must be tcp://host:port, or ssl://host:port for TLS");
        }
        int at = authority.lastIndexOf('@');
        String host = authority.substring(at + 1);
        Optional<String> user = at < 0 ? Optional.empty() : Optional.ofNullable(uri.getUserInfo());
        Optional<String> name = user.map(text -> text.split(":", 2)[0]);
        Optional<String> password = user.filter(text -> text.contains(":")).map(text -> text.split(":", 2)[1]);
        return new MqttSettings(
                SCHEMES.get(scheme.toLowerCase(Locale.ROOT)) + "://" + host,
                name,
                password.map(text -> text.getBytes(StandardCharsets.UTF_8)),
                KEEP_ALIVE,
                RECEIVE_MAXIMUM,
                WINDOW,
                Duration.parse(WILL_DELAY));
    }

    static boolean speaks(String scheme) {
        return SCHEMES.containsKey(scheme.toLowerCase(Locale.ROOT));
    }

    MqttSettings withCredentials(String username, String password) {
        return username.isEmpty()
                ? this
                : new MqttSettings(
                        address,
                        Optional.of(username),
                        Optional.of(password.getBytes(StandardCharsets.UTF_8)),
                        keepAlive,
                        receiveMaximum,
                        window,
                        willDelay);
    }

    MqttSettings withBounds(int keepAlive, int receiveMaximum, int window, Duration willDelay) {
        return new MqttSettings(address, username, password, keepAlive, receiveMaximum, window, willDelay);
    }

    boolean overTls() {
        return address.startsWith("ssl:");
    }

    private static void within(String name, int value, int least) {
        if (value < least || value > TWO_BYTES) {
            throw new IllegalArgumentException(name + " must be from " + least + " to " + TWO_BYTES + ": " + value);
        }
    }
}
