package io.gatehouse.firmware.sysupgrade;

import io.gatehouse.program.Program;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code ubus call} says: JSON with one member a line, so that a member is found by its line. Line ends and quotation marks within strings
 * are escaped, so no string can look like another member.
 */
record Reply(Program call, String json) {
    /**
     * Calls.
     *
     * @throws IOException where there is no answer
     */
    static Reply of(Program call) throws IOException, InterruptedException {
        return new Reply(call, call.runWell().output().text());
    }

    /** A member's string or number, the first of that name; nothing where there is none, or an empty one. */
    Optional<String> value(String name) {
        Matcher matcher = Pattern.compile(
                        "^\\s*\"" + name + "\": (?:\"((?:[^\"\\\\]|\\\\.)+)\"|(\\w+)),?$", Pattern.MULTILINE)
                .matcher(json);
        if (!matcher.find()) {
            return Optional.empty();
        }
        return Optional.ofNullable(matcher.group(1)).or(() -> Optional.ofNullable(matcher.group(2)));
    }

    boolean isTrue(String name) throws IOException {
        return value(name).orElseThrow(() -> without(name)).equals("true");
    }

    /** For which of its tests an image is not taken. */
    String complaint() {
        if (value("fwtool_signature").equals(Optional.of("false"))) {
            return "bad-signature";
        }
        return value("fwtool_device_match").equals(Optional.of("false")) ? "wrong-compatible" : "bad-image";
    }

    IOException without(String name) {
        return new IOException(String.join(" ", call.command()) + " says nothing of " + name + ": " + json.strip());
    }
}
