package io.gatehouse.protocol;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Which names a level of a topic may have. */
public final class Names {
    /** What {@link #isName} asks for, in words. */
    public static final String FORM = "1 to 64 of letters, digits, '.', '_' and '-', the first a letter or digit";

    /** What {@link #isPid} asks for, in words. */
    public static final String PID = "a name, " + FORM + "; or a factory's, '~' and the name of an instance";

    /** What {@link #isObservation} asks for, in words. */
    public static final String OBSERVATION =
            "<area>/<name>, each " + FORM + ", and the area not reserved for the protocol";

    private static final Set<String> RESERVED =
            Set.of("status", "event", "desired", "reported", "cmd", "artifact", "stream", "self", "reply", "claim");
    private static final Pattern LEVEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    /** MQTT 5.0, 1.5.4: no topic is longer. */
    static final int LONGEST_PATH = 65_535;

    private Names() {}

    /** Whether it may be a level of a topic: the name of a feature, of a command, of an observation. */
    public static boolean isName(String text) {
        return LEVEL.matcher(text).matches();
    }

    /** Whether a configuration's topic may name this PID: one of a component, or, with {@code ~}, an instance of a factory's. */
    public static boolean isPid(String text) {
        int between = text.indexOf('~');
        return between < 0 ? isName(text) : isName(text.substring(0, between)) && isName(text.substring(between + 1));
    }

    /** Whether an observation's topic may be this, below the device's own name. */
    public static boolean isObservation(String topic) {
        int slash = topic.indexOf('/');
        return slash > 0
                && isName(topic.substring(0, slash))
                && isName(topic.substring(slash + 1))
                && !isReserved(topic.substring(0, slash));
    }

    /** Whether the protocol keeps it for itself: no area, and no level of a device's name or a place, may be named so. */
    public static boolean isReserved(String name) {
        return RESERVED.contains(name);
    }

    /**
     * The levels of a path of names: a device's, a place's.
     *
     * @param kind what the path is, in a word, for the message
     * @throws IllegalArgumentException if one of them may not be a name, or is reserved
     */
    public static List<String> levels(String kind, String path) {
        if (path.length() > LONGEST_PATH) {
            throw new IllegalArgumentException(
                    kind + " of " + path.length() + " characters is longer than a topic may be: " + LONGEST_PATH);
        }
        List<String> levels = List.of(path.split("/", -1));
        for (String level : levels) {
            level(kind, path, level);
        }
        return levels;
    }

    private static void level(String kind, String path, String level) {
        if (!isName(level)) {
            throw new IllegalArgumentException(kind + " \"" + path + "\": level \"" + level + "\" must be " + FORM);
        }
        if (isReserved(level)) {
            throw new IllegalArgumentException(kind + " \"" + path + "\": \"" + level + "\" is a reserved word");
        }
    }
}
