package io.gatehouse.protocol;

import java.util.List;
import java.util.Map;

/**
 * Where observations may be published, as a bundle's manifest declares it and a trust document grants it: a topic such as
 * {@code acme/rain}, or {@code acme/#} for all of an area.
 */
public final class TopicPattern {
    private static final String ALL_OF_AREA = "/#";

    private TopicPattern() {}

    /** Whether it is one. */
    public static boolean isPattern(String text) {
        return Names.isObservation(isArea(text) ? area(text) + "x" : text);
    }

    /** Whether a pattern is or includes a topic, or all that another pattern does. */
    public static boolean covers(String pattern, String topic) {
        return pattern.equals(topic) || (isArea(pattern) && topic.startsWith(area(pattern)));
    }

    /**
     * The patterns that a manifest declares by one capability {@code io.gatehouse.publishes}.
     *
     * @param attributes of the capability
     */
    public static List<String> declared(Map<String, ?> attributes) {
        return attributes.get("topic") instanceof List<?> several
                ? several.stream().map(String::valueOf).toList()
                : List.of(String.valueOf(attributes.get("topic")));
    }

    private static boolean isArea(String pattern) {
        return pattern.endsWith(ALL_OF_AREA);
    }

    private static String area(String pattern) {
        return pattern.substring(0, pattern.length() - 1);
    }
}
