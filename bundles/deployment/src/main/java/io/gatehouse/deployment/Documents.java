package io.gatehouse.deployment;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.desired.Desired;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What all documents by which the fleet wants something have in common, whatever they want. */
public final class Documents {
    private Documents() {}

    /** The digests by topic of everything that is wanted, whether or not it makes sense. */
    public static Map<String, String> digests(List<Desired> all) {
        Map<String, String> digests = new HashMap<>();
        all.forEach(one -> digests.put(one.topic(), one.digest()));
        return Map.copyOf(digests);
    }

    /**
     * What a document says.
     *
     * @throws BadArgument where it is no object
     */
    @SuppressWarnings("unchecked") // JSON objects have no names but strings
    public static Members spec(Desired one) {
        if (one.spec() instanceof Map<?, ?> spec) {
            return Members.of("spec", (Map<String, ?>) spec);
        }
        throw new BadArgument("spec must be an object: " + one.spec());
    }
}
