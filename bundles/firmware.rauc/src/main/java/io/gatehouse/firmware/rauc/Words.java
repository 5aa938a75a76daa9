package io.gatehouse.firmware.rauc;

import io.gatehouse.api.firmware.FirmwareRefused;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Tells by RAUC's words what is an image's fault. RAUC has nothing else to tell it by: it says 1 for each failure, and never translates its messages.
 * What is not known here may be the machine's fault, and may go better later.
 */
final class Words {
    static final String WRONG_COMPATIBLE = "wrong-compatible";

    private static final Map<String, List<String>> REFUSALS = Map.of(
            "bad-signature",
            List.of(
                    "signature verification failed",
                    "failed to verify x509 cert",
                    "signature data is no valid cms",
                    "failed to parse signature",
                    "unsupported signature content",
                    "signer info",
                    "number of signers",
                    "signer certificate"),
            WRONG_COMPATIBLE,
            List.of("compatible mismatch"),
            "bad-image",
            List.of(
                    "signature size",
                    "payload is corrupted",
                    "payload size",
                    "bundle format",
                    "failed to load manifest",
                    "failed to check manifest",
                    "missing manifest",
                    "bundle rejected",
                    "no target slot for class",
                    "matching variant",
                    "does not fit to slot",
                    "unsupported image"));

    /** A machine that does not know the time yet. */
    private static final String TOO_EARLY = "not yet valid";

    private Words() {}

    /**
     * Throws what they mean.
     *
     * @param words what RAUC said
     */
    static IOException failure(String words) throws FirmwareRefused {
        String lower = words.toLowerCase(Locale.ROOT);
        if (!lower.contains(TOO_EARLY)) {
            for (Map.Entry<String, List<String>> refusal : REFUSALS.entrySet()) {
                if (refusal.getValue().stream().anyMatch(lower::contains)) {
                    throw new FirmwareRefused(refusal.getKey(), "RAUC: " + words);
                }
            }
        }
        return new IOException("RAUC: " + words);
    }
}
