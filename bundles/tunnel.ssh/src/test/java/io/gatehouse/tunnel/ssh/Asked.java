package io.gatehouse.tunnel.ssh;

import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.desired.Desired;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A command that came, by a known signer. */
final class Asked implements Invocation {
    final List<String> notes = new CopyOnWriteArrayList<>();
    private final Map<String, ?> arguments;

    Asked(Map<String, ?> arguments) {
        this.arguments = arguments;
    }

    @Override
    public Members arguments() {
        return Members.of(arguments);
    }

    @Override
    public String id() {
        return "Y29tbWFuZA";
    }

    @Override
    public Optional<Desired.Signature> signature() {
        return Optional.of(new Desired.Signature("kid-1", Instant.EPOCH));
    }

    @Override
    public void progress(double ratio, String note) {
        notes.add(note);
    }

    @Override
    public void data(byte[] bytes, Map<String, String> properties) {
        throw new AssertionError("no bytes are answered here");
    }
}
