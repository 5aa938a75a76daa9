package io.gatehouse.transport.mqtt;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;

/**
 * How TLS is spoken, where it is.
 *
 * @param fleet whom to trust and as whom to show oneself; without it, that is a matter of {@link Broker#trust}
 * @param protocols the versions of TLS that will do
 */
record Security(Optional<SSLContext> fleet, List<String> protocols) {
    static final String PROTOCOLS = "TLSv1.3";

    private static final Set<String> KNOWN = Set.of("TLSv1.3", "TLSv1.2");

    Security {
        protocols = List.copyOf(protocols);
        if (protocols.isEmpty() || !KNOWN.containsAll(protocols)) {
            throw new IllegalArgumentException(
                    "protocols must be TLSv1.3, or TLSv1.3,TLSv1.2 for an old broker: " + String.join(",", protocols));
        }
    }

    static Security usual() {
        return new Security(Optional.empty(), List.of(PROTOCOLS));
    }

    /** With these versions of TLS, separated by commas. */
    static Security of(Optional<SSLContext> fleet, String protocols) {
        return new Security(fleet, List.of(protocols.strip().split("\\s*,\\s*", -1)));
    }
}
