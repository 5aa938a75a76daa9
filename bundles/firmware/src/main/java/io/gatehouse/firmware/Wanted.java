package io.gatehouse.firmware;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.api.firmware.FirmwareRefused;
import io.gatehouse.protocol.Firmware;
import io.gatehouse.protocol.Json;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The firmware that is wanted.
 *
 * @param digest of what the narrowest scope's document says of it: the same for whatever share of the devices that is meant, so that a rollout which
 *     widens is no news to those who had it
 * @param desired the digests of all documents by topic
 * @param breadth the place of the document's scope among the device's: 0 is the widest
 */
record Wanted(Firmware firmware, String digest, Map<String, String> desired, int breadth) {
    /**
     * Reads it; nothing where no scope wants any.
     *
     * @throws FirmwareRefused where the narrowest scope's document is none
     */
    static Optional<Wanted> of(List<Desired> all) throws FirmwareRefused {
        Optional<Desired> narrowest = narrowest(all);
        if (narrowest.isEmpty()) {
            return Optional.empty();
        }
        Desired one = narrowest.get();
        try {
            return Optional.of(new Wanted(Firmware.read(spec(one)), digest(one), digests(all), one.breadth()));
        } catch (BadArgument e) {
            throw new FirmwareRefused("bad-firmware", one.topic() + ": " + e.getMessage());
        }
    }

    /** The digest of what the document that counts says, whether or not it makes sense. */
    static Optional<String> digest(List<Desired> all) {
        return narrowest(all).map(Wanted::digest);
    }

    /** The sequence of what is wanted, where that makes sense. */
    static Optional<Long> sequence(List<Desired> all) {
        try {
            return of(all).map(wanted -> wanted.firmware().sequence());
        } catch (FirmwareRefused e) {
            return Optional.empty();
        }
    }

    /** The digests of all documents by topic, whether or not they make sense. */
    static Map<String, String> digests(List<Desired> all) {
        Map<String, String> digests = new HashMap<>();
        all.forEach(one -> digests.put(one.topic(), one.digest()));
        return Map.copyOf(digests);
    }

    private static String digest(Desired one) {
        return Sha256.of(Json.write(Map.of("spec", one.spec()))).hex();
    }

    private static Optional<Desired> narrowest(List<Desired> all) {
        return all.stream().max(Comparator.comparingInt(Desired::breadth));
    }

    @SuppressWarnings("unchecked") // JSON objects have no names but strings
    private static Members spec(Desired one) {
        if (one.spec() instanceof Map<?, ?> spec) {
            return Members.of("spec", (Map<String, ?>) spec);
        }
        throw new BadArgument("spec must be an object: " + one.spec());
    }
}
