package io.gatehouse.collector.network;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A default route.
 *
 * @param address nothing where everything beyond the link is reached directly, as with point-to-point links
 * @param link the interface's name
 * @param metric the lowest is taken
 */
record Gateway(Optional<String> address, String link, long metric) {
    Map<String, Object> line() {
        Map<String, Object> line = new LinkedHashMap<>();
        address.ifPresent(text -> line.put("address", text));
        line.put("interface", link);
        line.put("metric", metric);
        return line;
    }
}
