package io.gatehouse.identity;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.protocol.DeviceName;
import io.gatehouse.protocol.trust.ClockFloor;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Instant;

/** A chain of certificates that anybody sends to a device: none is one of its own, whatever it says. */
public final class ChainsFuzz {
    private static final DeviceKey KEY = DeviceKey.generate();
    private static final DeviceName DEVICE = DeviceName.parse("dwr/311-a1/7");
    private static final Instant NOW = Instant.parse("2026-12-01T00:00:00Z");
    private static final ClockFloor.Time TIME = new ClockFloor.Time(NOW, NOW);

    private ChainsFuzz() {}

    /** Reads it, and checks it against an authority that may be its own. */
    public static void fuzzerTestOneInput(byte[] data) {
        try {
            IssuedChain chain = IssuedChain.read(new String(data, StandardCharsets.ISO_8859_1));
            chain.check(KEY.publicKey(), DEVICE, Sha256.of(IssuedChain.encoded(chain.authority())), TIME);
            throw new AssertionError("took a certificate for a key that nobody but this device has");
        } catch (CertificateException e) {
            String ignored = e.getMessage();
        }
    }
}
