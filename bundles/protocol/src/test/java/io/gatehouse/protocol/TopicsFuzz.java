package io.gatehouse.protocol;

import java.nio.charset.StandardCharsets;

/** Whatever is published at, and whatever a device is called. */
public final class TopicsFuzz {
    private TopicsFuzz() {}

    /** Reads it as each of them. */
    public static void fuzzerTestOneInput(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        Topic.parse(text).ifPresent(topic -> {
            if (!topic.toString().equals(text)) {
                throw new AssertionError(text + " is read as " + topic);
            }
        });
        boolean isName = Names.isName(text);
        boolean isObservation = Names.isObservation(text);
        try {
            DeviceName name = DeviceName.parse(text);
            if (!name.toString().equals(text)) {
                throw new AssertionError(text + " is read as " + name);
            }
        } catch (IllegalArgumentException e) {
            String ignored = e.getMessage() + isName + isObservation;
        }
        try {
            Scope scope = new Scope(text);
            if (!scope.contains(text + "/x")) {
                throw new AssertionError(scope + " does not contain what lies below it");
            }
        } catch (IllegalArgumentException e) {
            String ignored = e.getMessage();
        }
    }
}
