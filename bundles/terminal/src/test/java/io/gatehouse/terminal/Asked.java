package io.gatehouse.terminal;

import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.desired.Desired;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A command with arguments, signed by somebody. */
record Asked(Members arguments) implements Invocation {
    static final String ID = "Y29ycmVsYXRpb24";
    static final String KID = "the-operators-key";

    static Asked with(Map<String, ?> arguments) {
        return new Asked(Members.of(arguments));
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public Optional<Desired.Signature> signature() {
        return Optional.of(new Desired.Signature(KID, Instant.EPOCH));
    }

    @Override
    public void progress(double ratio, String note) {
        throw new AssertionError("unexpected progress " + note);
    }

    @Override
    public void data(byte[] bytes, Map<String, String> properties) {
        throw new AssertionError("unexpected data of " + bytes.length + " bytes");
    }
}
