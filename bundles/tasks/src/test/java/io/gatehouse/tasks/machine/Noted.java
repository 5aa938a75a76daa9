package io.gatehouse.tasks.machine;

import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Members;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A command with arguments; keeps the notes of its progress, and when they came, by {@link System#nanoTime}. */
record Noted(String id, Members arguments, List<String> notes, List<Long> times) implements Invocation {
    static Noted with(String id, Map<String, ?> arguments) {
        return new Noted(id, Members.of(arguments), new CopyOnWriteArrayList<>(), new CopyOnWriteArrayList<>());
    }

    static Noted with(Map<String, ?> arguments) {
        return with("Y29ycmVsYXRpb24", arguments);
    }

    @Override
    public void progress(double ratio, String note) {
        notes.add(note);
        times.add(System.nanoTime());
    }

    @Override
    public void data(byte[] bytes, Map<String, String> properties) {
        throw new AssertionError("unexpected bytes " + properties);
    }
}
