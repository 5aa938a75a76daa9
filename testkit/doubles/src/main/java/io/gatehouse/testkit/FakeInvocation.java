package io.gatehouse.testkit;

import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Members;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A command that arrived, and what its handler told meanwhile. Thread-safe. */
public final class FakeInvocation implements Invocation {
    private final Members arguments;
    private final List<Progress> told = new CopyOnWriteArrayList<>();
    private final List<Sent> sent = new CopyOnWriteArrayList<>();

    /** How far the handler said it was, 0 to 1. */
    public record Progress(double ratio, String note) {}

    /** Bytes that the handler sent before the end. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Sent(byte[] bytes, Map<String, String> properties) {}

    /** One with these arguments: JSON values by name. */
    public FakeInvocation(Map<String, ?> arguments) {
        this.arguments = Members.of(arguments);
    }

    /** What the handler told, in order. */
    public List<Progress> told() {
        return List.copyOf(told);
    }

    /** What the handler sent, in order. */
    public List<Sent> sent() {
        return List.copyOf(sent);
    }

    @Override
    public Members arguments() {
        return arguments;
    }

    @Override
    public String id() {
        return "AAECAwQFBgcICQoLDA0ODw";
    }

    @Override
    public void progress(double ratio, String note) {
        told.add(new Progress(ratio, note));
    }

    @Override
    public void data(byte[] bytes, Map<String, String> properties) {
        sent.add(new Sent(bytes.clone(), Map.copyOf(properties)));
    }
}
