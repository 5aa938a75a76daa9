package io.gatehouse.protocol.trust;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.protocol.Base64Url;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.Topic;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Trust documents and signed messages from nobody: never accepted, and always answered by a value. */
public final class AdmissionFuzz {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final SigningKey ROOT = SigningKey.generate();
    private static final Trust PINNED = new Trust(ROOT.kid(), Optional.empty());
    private static final Topic.Desired TRUST = new Topic.Desired("dwr", "trust", Optional.empty());
    private static final Topic.Command PING = new Topic.Command("dwr", "ping");

    private AdmissionFuzz() {}

    /** The bytes as a trust document that the root signed, as one that nobody signed, and as a command's header. */
    public static void fuzzerTestOneInput(byte[] data) {
        ClockFloor.Time time = new ClockFloor.Time(NOW, NOW);
        if (isObject(
                data)) { // it costs a thousandth of a second, and what is no object is refused before it is looked at
            byRoot(data, time);
        }
        String madeUp = Base64Url.encode(data) + ".." + "A".repeat(86);
        for (Topic topic : List.of(TRUST, PING)) {
            Admission admission = PINNED.admit(message(topic, data, madeUp), time, Optional.empty());
            if (!(admission instanceof Admission.Refused)) {
                throw new AssertionError(admission);
            }
        }
    }

    /** Even the root cannot make a device take what is none. */
    private static void byRoot(byte[] data, ClockFloor.Time time) {
        String jws = ROOT.sign(ProtectedHeader.desired(ROOT.kid(), TRUST, NOW), data);
        Admission admission = PINNED.admit(message(TRUST, data, jws), time, Optional.empty());
        if (admission instanceof Admission.Accepted accepted
                && accepted.trust().orElseThrow().key(ROOT.kid()).isEmpty()) {
            throw new AssertionError("a document that the signer is not in was accepted");
        }
    }

    private static boolean isObject(byte[] data) {
        try {
            return Json.readStrict(data).has("spec");
        } catch (BadArgument e) {
            return false;
        }
    }

    private static SignedMessage message(Topic topic, byte[] payload, String jws) {
        return new SignedMessage(topic, payload, List.of(jws), Optional.of(payload), Optional.of("reply/x"));
    }
}
