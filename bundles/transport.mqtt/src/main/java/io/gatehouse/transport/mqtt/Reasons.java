package io.gatehouse.transport.mqtt;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.PKIXReason;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.eclipse.paho.mqttv5.client.MqttClientException;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.common.MqttException;

/** Why something did not go well, in words for an operator. */
final class Reasons {
    /** MQTT 5.0, table 2-6: from here on a reason code means failure. */
    private static final int FAILURE = 0x80;

    private static final int QUOTA_EXCEEDED = 0x97;
    private static final int PACKET_TOO_LARGE = 0x95;

    private static final String UNTRUSTED =
            "nobody who is trusted here signed the broker's certificate; where the device is in no fleet, \"trust\" names the"
                    + " file with who is";

    private static final Map<Integer, String> CODES = Map.ofEntries(
            Map.entry(0x80, "unspecified error"),
            Map.entry(0x81, "malformed packet"),
            Map.entry(0x82, "protocol error"),
            Map.entry(0x83, "implementation specific error"),
            Map.entry(0x84, "unsupported protocol version"),
            Map.entry(0x85, "client identifier not valid"),
            Map.entry(0x86, "bad user name or password"),
            Map.entry(0x87, "not authorized"),
            Map.entry(0x88, "server unavailable"),
            Map.entry(0x89, "server busy"),
            Map.entry(0x8A, "banned"),
            Map.entry(0x8B, "server shutting down"),
            Map.entry(0x8C, "bad authentication method"),
            Map.entry(0x8D, "keep alive timeout"),
            Map.entry(0x8E, "session taken over: another client uses this client identifier"),
            Map.entry(0x8F, "topic filter invalid"),
            Map.entry(0x90, "topic name invalid"),
            Map.entry(0x91, "packet identifier in use"),
            Map.entry(0x93, "receive maximum exceeded"),
            Map.entry(0x94, "topic alias invalid"),
            Map.entry(PACKET_TOO_LARGE, "packet too large"),
            Map.entry(0x96, "message rate too high"),
            Map.entry(QUOTA_EXCEEDED, "quota exceeded"),
            Map.entry(0x98, "administrative action"),
            Map.entry(0x99, "payload format invalid"),
            Map.entry(0x9A, "retain not supported"),
            Map.entry(0x9B, "QoS not supported"),
            Map.entry(0x9C, "use another server"),
            Map.entry(0x9D, "server moved"),
            Map.entry(0x9E, "shared subscriptions not supported"),
            Map.entry(0x9F, "connection rate exceeded"),
            Map.entry(0xA0, "maximum connect time"),
            Map.entry(0xA2, "wildcard subscriptions not supported"));

    private Reasons() {}

    static boolean isFailure(int code) {
        return code >= FAILURE;
    }

    /**
     * Whether a broker that refuses a message for this reason would refuse it again, however often it is sent. What it does not
     * authorize it may once somebody mended its list.
     */
    static boolean isForGood(int code) {
        return code == 0x90 || code == 0x99 || code == PACKET_TOO_LARGE;
    }

    /** For example {@code not authorized (0x87)}. */
    static String words(int code) {
        return CODES.getOrDefault(code, "reason code") + String.format(" (0x%02X)", code);
    }

    static String words(MqttDisconnectResponse end) {
        if (end.getException() != null) {
            return words(end.getException());
        }
        String given = end.getReasonString();
        return "the broker disconnects: " + words(end.getReturnCode()) + (given == null ? "" : ", \"" + given + "\"");
    }

    static String words(Throwable failure) {
        if (failure instanceof MqttException mqtt) {
            int code = mqtt.getReasonCode();
            if (isFailure(code) && code <= 0xFF) {
                return words(code);
            }
            // A broker of MQTT 3 answers with a code of its own.
            if (code == MqttException.REASON_CODE_INVALID_RETURN_CODE) {
                return "the broker does not speak MQTT 5";
            }
            if (code == MqttClientException.REASON_CODE_CLIENT_TIMEOUT
                    || code == MqttClientException.REASON_CODE_WRITE_TIMEOUT) {
                return "the broker does not answer";
            }
        }
        Throwable cause = failure;
        while (cause instanceof MqttException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return ofNetwork(cause);
    }

    private static boolean isUntrusted(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            boolean anchorless = cause instanceof CertPathValidatorException invalid
                    && invalid.getReason() == PKIXReason.NO_TRUST_ANCHOR;
            if (anchorless || cause instanceof CertPathBuilderException) {
                return true;
            }
        }
        return false;
    }

    private static String ofNetwork(Throwable cause) {
        if (cause instanceof UnknownHostException) {
            return "unknown host";
        }
        if (cause instanceof ConnectException) {
            return "connection refused or unreachable: " + cause.getMessage();
        }
        if (cause instanceof SocketTimeoutException) {
            return "no answer: " + cause.getMessage();
        }
        if (cause instanceof EOFException) {
            return "the broker closed the connection";
        }
        if (cause instanceof SSLException) {
            return "TLS: " + (isUntrusted(cause) ? UNTRUSTED : cause.getMessage());
        }
        return String.valueOf(cause.getMessage() == null ? cause : cause.getMessage());
    }
}
