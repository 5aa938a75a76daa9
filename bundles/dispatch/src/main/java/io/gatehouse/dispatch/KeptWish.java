package io.gatehouse.dispatch;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.desired.Desired.Signature;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.trust.LastAccepted;
import io.gatehouse.protocol.trust.ProtectedHeader;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * What is on flash of one topic: a line of JSON, then the payload.
 *
 * @param last what was accepted last, also where it took the wish away or passed this device by: nothing older counts any more
 * @param wish what is wanted there
 */
record KeptWish(LastAccepted last, Optional<Wanted> wish) {
    private static final String SIGNER = "signer";
    private static final String SIGNED = "signed";

    /**
     * An envelope in force.
     *
     * @param signature the one that was believed
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    record Wanted(Signature signature, byte[] payload) {}

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws BadArgument if it is something else
     */
    static KeptWish read(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        if (end == bytes.length) {
            throw new BadArgument("it has no line that says what was accepted last");
        }
        Members line = Json.read(Arrays.copyOf(bytes, end));
        byte[] payload = Arrays.copyOfRange(bytes, end + 1, bytes.length);
        return new KeptWish(LastAccepted.read(line), line.optionalString(SIGNER).map(signer -> {
            Instant at = Instant.ofEpochSecond(line.integer(SIGNED, 0, ProtectedHeader.LAST_SECOND));
            return new Wanted(new Signature(signer, at), payload);
        }));
    }

    byte[] write() {
        var line = last.write();
        wish.ifPresent(wanted -> {
            line.put(SIGNER, wanted.signature().kid());
            line.put(SIGNED, wanted.signature().at().getEpochSecond());
        });
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(Json.write(line));
        bytes.write('\n');
        wish.ifPresent(wanted -> bytes.writeBytes(wanted.payload()));
        return bytes.toByteArray();
    }
}
