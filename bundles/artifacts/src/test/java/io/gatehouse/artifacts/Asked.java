package io.gatehouse.artifacts;

import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Members;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A command with arguments; keeps the bytes that it is given. */
record Asked(Members arguments, List<Data> sent) implements Invocation {
    /** What was sent at once. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Data(byte[] bytes, Map<String, String> properties) {}

    static Asked with(Map<String, ?> arguments) {
        return new Asked(Members.of(arguments), new CopyOnWriteArrayList<>());
    }

    @Override
    public String id() {
        return "Y29ycmVsYXRpb24";
    }

    @Override
    public void progress(double ratio, String note) {
        throw new AssertionError("the bytes say how far it is");
    }

    @Override
    public void data(byte[] bytes, Map<String, String> properties) {
        sent.add(new Data(bytes, properties));
    }
}
