package io.gatehouse.protocol;

import io.gatehouse.api.command.BadArgument;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Every document that comes in over the network: it is read, or refused by {@link BadArgument}. */
public final class DocumentsFuzz {
    private static final List<Function<byte[], ?>> READERS = List.of(
            Json::read,
            Json::readStrict,
            Envelope::read,
            Reply::read,
            ArtifactRequest::read,
            payload -> Feature.read(Json.read(payload)));

    private DocumentsFuzz() {}

    /** Reads it as each of them. */
    public static void fuzzerTestOneInput(byte[] data) {
        for (Function<byte[], ?> reader : READERS) {
            try {
                Object ignored = reader.apply(data);
            } catch (BadArgument e) {
                String ignored = e.getMessage();
            }
        }
        envelopeIsWhatItWas(data);
    }

    private static void envelopeIsWhatItWas(byte[] data) {
        Envelope envelope;
        try {
            envelope = Envelope.read(data);
        } catch (BadArgument e) {
            return;
        }
        if (!Arrays.equals(envelope.write(), Envelope.read(envelope.write()).write())) {
            throw new AssertionError(envelope + " changes when it is written and read");
        }
    }
}
