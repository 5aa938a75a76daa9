package io.gatehouse.protocol.license;

import io.gatehouse.protocol.trust.TrustedKey;

/** What became of a token that was looked at: claims that may be believed, or why they may not. */
public sealed interface Finding<T> permits Finding.Believed, Finding.Rejected {
    /**
     * They may.
     *
     * @param key that signed it; one that is retired is believed as far as it was before
     */
    record Believed<T>(T claims, TrustedKey key) implements Finding<T> {}

    /** They may not. */
    record Rejected<T>(Refused refused) implements Finding<T> {}
}
