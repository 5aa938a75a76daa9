package io.gatehouse.protocol.trust;

import java.util.Optional;

/** The trust anchor of this device; on a device a service. */
@FunctionalInterface
public interface Anchor {
    /**
     * The thumbprint of the root that the device was given, by its image or at enrollment; nothing before. Who has its key
     * brings the first trust document.
     */
    Optional<String> root();
}
