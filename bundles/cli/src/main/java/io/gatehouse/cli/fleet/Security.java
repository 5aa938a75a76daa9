package io.gatehouse.cli.fleet;

import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * How a broker is spoken to.
 *
 * @param tls whom to trust and as whom to show oneself, where the address asks for TLS; else that is Java's matter
 * @param plaintext whether a broker on another machine may be spoken to without TLS
 */
public record Security(Optional<SSLContext> tls, boolean plaintext) {
    /** Java's own TLS, and nothing without it but on this machine. */
    public static final Security USUAL = new Security(Optional.empty(), false);

    /** As this, where somebody permitted plaintext. */
    public Security permitting(boolean permitted) {
        return new Security(tls, plaintext || permitted);
    }
}
