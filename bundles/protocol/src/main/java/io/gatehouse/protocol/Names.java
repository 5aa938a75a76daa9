package io.gatehouse.protocol;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Which names a level of a topic may have. */
public final class Names {
    private static final Set<String> RESERVED =
            Set.of("status", "event", "desired", "reported", "cmd", "artifact", "stream", "self", "reply", "claim");
    private static final Pattern LEVEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private Names() {}

    /**
     * The levels of a path of names.
     *
     * @param kind what the path is, in a word, for the message
     * @throws IllegalArgumentException if one of them may not be a name
     */
    public static List<String> levels(String kind, String path) {
        List<String> levels = List.of(path.split("/", -1));
        for (String level : levels) {
            level(kind, path, level);
        }
        return levels;
    }

    private static void level(String kind, String path, String level) {
        if (!LEVEL.matcher(level).matches()) {
            throw new IllegalArgumentException(kind + " \"" + path + "\": level \"" + level
                    + "\" must be 1 to 64 of letters, digits, '.', '_' and '-', the first a letter or digit");
        }
        if (RESERVED.contains(level)) {
            throw new IllegalArgumentException(kind + " \"" + path + "\": \"" + level + "\" is a reserved word");
        }
    }
}
