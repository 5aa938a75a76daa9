package io.gatehouse.collector.system;

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
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * What the processor did since the last reading, in ratios of the time that passed; in the first reading since the
 * machine was started.
 */
@Component
@Publishes(topic = "hardware/cpu", period = "PT10S")
public final class Processor implements Collector {
    private final Path file;
    private Map<String, Ticks> before = Map.of();

    @Activate
    public Processor() {
        this(Path.of("/"));
    }

    Processor(Path root) {
        this.file = root.resolve("proc/stat");
    }

    @Override
    public Reading read() throws IOException {
        Map<String, Ticks> now = stat();
        Map<String, Ticks> last = before;
        before = now;
        Optional<Ticks> all = passed(last, now, "cpu");
        if (all.isEmpty()) {
            return Reading.nothing();
        }
        Map<String, Object> values = all.get().ratios();
        List<Map<String, Object>> cores = new ArrayList<>(now.size());
        for (String name : now.keySet()) {
            if (!name.equals("cpu")) {
                int core = Integer.parseInt(name.substring("cpu".length()));
                passed(last, now, name).ifPresent(ticks -> cores.add(Map.of("core", core, "busy", ticks.busy())));
            }
        }
        values.put("cores", cores);
        return Reading.of(values);
    }

    private static Optional<Ticks> passed(Map<String, Ticks> last, Map<String, Ticks> now, String name) {
        Ticks ticks = now.get(name);
        if (ticks == null) {
            return Optional.empty();
        }
        Ticks then = last.get(name);
        Ticks passed = then == null ? ticks : ticks.since(then);
        return passed.total() > 0 ? Optional.of(passed) : Optional.empty();
    }

    private Map<String, Ticks> stat() throws IOException {
        Map<String, Ticks> found = new LinkedHashMap<>();
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            // The lines behind those of the processors are long, and of no use here.
            for (String line = lines.readLine(); line != null && line.startsWith("cpu"); line = lines.readLine()) {
                found.put(line.substring(0, line.indexOf(' ')), Ticks.parse(line));
            }
        }
        return found;
    }
}
