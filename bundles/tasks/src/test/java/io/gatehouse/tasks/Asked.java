package io.gatehouse.tasks;

import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Members;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A command with arguments; keeps the progress that it is told. */
record Asked(Members arguments, List<Double> ratios) implements Invocation {
    static Asked with(Map<String, ?> arguments) {
        return new Asked(Members.of(arguments), new CopyOnWriteArrayList<>());
    }

    @Override
    public String id() {
        return "Y29ycmVsYXRpb24";
    }

    @Override
    public void progress(double ratio, String note) {
        ratios.add(ratio);
    }
}
