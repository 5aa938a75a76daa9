package io.gatehouse.protocol;

import java.util.List;
import java.util.regex.Pattern;

/** The names of what licenses grant, and the patterns that stand for many of them. */
public final class LicensedFeature {
    /** What {@link #isName} asks for, in words. */
    public static final String FORM =
            "up to 100 of a-z, 0-9 and '-' in words that dots separate, for example com.acme.rain";

    /** What {@link #isPattern} asks for, in words. */
    public static final String PATTERN = "a feature such as com.acme.rain, com.acme.* for all below a name, or *";

    /** What the {@code osgi.condition.id} of a granted feature begins with, on the device; the feature's name follows. */
    public static final String CONDITION = "license.";

    /** The condition that is there as soon as those of all that is granted are. It comes after them and goes before them. */
    public static final String CERTAIN = "io.gatehouse.licensing";

    private static final Pattern NAME = Pattern.compile("(?=.{1,100}$)[a-z0-9-]+(\\.[a-z0-9-]+)*");
    private static final String ALL = "*";
    private static final String BELOW = ".*";

    private LicensedFeature() {}

    /** Whether a feature may be called so. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** Whether it is a feature's name, {@code com.acme.*} for all below a name, or {@code *} for all. */
    public static boolean isPattern(String pattern) {
        return pattern.equals(ALL)
                || isName(pattern.endsWith(BELOW) ? pattern.substring(0, pattern.length() - BELOW.length()) : pattern);
    }

    /** Whether a feature is one of those that these patterns name. */
    public static boolean isCovered(String name, List<String> patterns) {
        return patterns.stream()
                .anyMatch(pattern -> pattern.equals(ALL)
                        || pattern.equals(name)
                        || (pattern.endsWith(BELOW) && name.startsWith(pattern.substring(0, pattern.length() - 1))));
    }
}
