package io.gatehouse.tasks;

import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Members;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A command with arguments; keeps the progress that it is told, and the bytes that it is to send. */
public record Asked(Members arguments, List<Double> ratios, List<Sent> sent) implements Invocation {
    /** Bytes on their way to whoever asked. */
    public record Sent(byte[] bytes, Map<String, String> properties) {}

    public static Asked with(Map<String, ?> arguments) {
        return new Asked(Members.of(arguments), new CopyOnWriteArrayList<>(), new CopyOnWriteArrayList<>());
    }

    @Override
    public String id() {
        return "Y29ycmVsYXRpb24";
    }

    @Override
    public void progress(double ratio, String note) {
        ratios.add(ratio);
    }

    @Override
    public void data(byte[] bytes, Map<String, String> properties) {
        sent.add(new Sent(bytes.clone(), Map.copyOf(properties)));
    }
}
