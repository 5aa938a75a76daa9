package com.example.wake;

import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Members;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A command with arguments; keeps the progress that it is told. */
record Asked(Members arguments, List<String> told) implements Invocation {
    static Asked with(Map<String, ?> arguments) {
        return new Asked(Members.of(arguments), new ArrayList<>());
    }

    @Override
    public String id() {
        return "Y29ycmVsYXRpb24";
    }

    @Override
    public void progress(double ratio, String note) {
        told.add(ratio + " " + note);
    }

    @Override
    public void data(byte[] bytes, Map<String, String> properties) {
        throw new AssertionError("it has no bytes to send: " + properties);
    }
}
