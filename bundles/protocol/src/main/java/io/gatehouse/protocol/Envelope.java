package io.gatehouse.protocol;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The payload of every desired topic: what should be so, or that nothing should.
 *
 * @param spec nothing where it was removed
 */
public record Envelope(Optional<Object> spec, Rollout rollout) {
    /** Takes the topic's wish away. */
    public static final Envelope REMOVED = new Envelope(Optional.empty(), Rollout.ALL);

    /**
     * Reads an envelope.
     *
     * @throws BadArgument if it has neither a spec nor {@code "removed":true}, or both, or is ill-typed
     */
    public static Envelope read(byte[] payload) {
        Members members = Json.read(payload);
        boolean removed = members.bool("removed", false);
        Optional<Object> spec = members.value("spec");
        if (removed == spec.isPresent()) {
            throw new BadArgument(removed ? "removed and spec exclude each other" : "spec is missing");
        }
        return new Envelope(
                spec, members.optionalObject("rollout").map(Rollout::read).orElse(Rollout.ALL));
    }

    /** The payload. */
    public byte[] write() {
        Map<String, Object> members = new LinkedHashMap<>();
        spec.ifPresentOrElse(value -> members.put("spec", value), () -> members.put("removed", true));
        if (!rollout.equals(Rollout.ALL)) {
            // in an order: bytes that differed from process to process would be news to whoever goes by their digest
            Map<String, Object> share = new LinkedHashMap<>();
            share.put("percent", rollout.percent());
            share.put("salt", rollout.salt());
            members.put("rollout", share);
        }
        return Json.write(members);
    }
}
