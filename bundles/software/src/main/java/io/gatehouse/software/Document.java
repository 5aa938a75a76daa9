package io.gatehouse.software;

import java.util.List;
import java.util.Map;

/**
 * What lies over the image's own software. A part takes the place of the image's part of the same symbolic name.
 *
 * @param parts in the order in which they are started
 * @param configurations by PID, each as in the OSGi Configurator's configuration resources
 * @param desired what it was made from: the SHA-256 of the payload by topic
 */
public record Document(List<Part> parts, Map<String, Map<String, Object>> configurations, Map<String, String> desired) {
    /** The image's software and nothing over it. */
    public static final Document FACTORY = new Document(List.of(), Map.of(), Map.of());

    public Document {
        parts = List.copyOf(parts);
        configurations = Map.copyOf(configurations);
        desired = Map.copyOf(desired);
    }
}
