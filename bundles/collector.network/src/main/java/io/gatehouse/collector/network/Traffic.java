package io.gatehouse.collector.network;

import io.gatehouse.api.telemetry.Collector;
import io.gatehouse.api.telemetry.Publishes;
import io.gatehouse.api.telemetry.Reading;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringTokenizer;
import java.util.function.LongSupplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * What went through each interface: since it was made, and in a second of the time that passed since the last reading.
 */
@Component
@Publishes(topic = "network/traffic", period = "PT10S")
@Config
public final class Traffic implements Collector {
    private final Path file;
    private final boolean hasLoopback;
    private final LongSupplier nanoTime;
    private Map<String, Counters> before = Map.of();
    private long beforeAt;

    @Activate
    public Traffic(Config config) {
        this(Path.of("/"), config.loopback(), System::nanoTime);
    }

    Traffic(Path root, boolean hasLoopback, LongSupplier nanoTime) {
        this.file = root.resolve("proc/net/dev");
        this.hasLoopback = hasLoopback;
        this.nanoTime = nanoTime;
    }

    @Override
    public Reading read() throws IOException {
        Map<String, Counters> now = counters();
        long at = nanoTime.getAsLong();
        double seconds = (at - beforeAt) / 1e9;
        List<Map<String, Object>> interfaces = new ArrayList<>(now.size());
        now.forEach((name, counters) -> {
            Optional<Counters> passed =
                    Optional.ofNullable(before.get(name)).flatMap(then -> counters.since(then, seconds));
            interfaces.add(line(name, counters, seconds > 0 ? passed : Optional.empty(), seconds));
        });
        before = now;
        beforeAt = at;
        return interfaces.isEmpty() ? Reading.nothing() : Reading.of("interfaces", interfaces);
    }

    private static Map<String, Object> line(String name, Counters counters, Optional<Counters> passed, double seconds) {
        Map<String, Object> received = counters.received();
        Map<String, Object> sent = counters.sent();
        passed.ifPresent(counted -> {
            received.put("perSecond", perSecond(counted.received(), seconds));
            sent.put("perSecond", perSecond(counted.sent(), seconds));
        });
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("name", name);
        line.put("rx", received);
        line.put("tx", sent);
        return line;
    }

    /** To three digits behind the point. */
    private static Map<String, Object> perSecond(Map<String, Object> counts, double seconds) {
        counts.replaceAll((name, count) -> Math.round((long) count / seconds * 1000) / 1000.0);
        return counts;
    }

    private Map<String, Counters> counters() throws IOException {
        Map<String, Counters> found = new LinkedHashMap<>();
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                // The counters may follow the colon without a blank; an alias' name has a colon of its own.
                int colon = line.lastIndexOf(':');
                String name = colon < 0 ? "" : line.substring(0, colon).strip();
                if (!name.isEmpty() && (hasLoopback || !name.equals("lo"))) {
                    found.put(name, Counters.parse(new StringTokenizer(line.substring(colon + 1))));
                }
            }
        }
        return found;
    }
}
