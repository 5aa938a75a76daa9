package io.gatehouse.collector.system;

import io.gatehouse.api.telemetry.Collector;
import io.gatehouse.api.telemetry.Publishes;
import io.gatehouse.api.telemetry.Reading;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** How much memory there is, and how much is left, in bytes. */
@Component
@Publishes(topic = "hardware/memory", period = "PT10S")
public final class Memory implements Collector {
    private static final long KIB = 1024;

    private final Path file;

    @Activate
    public Memory() {
        this(Path.of("/"));
    }

    Memory(Path root) {
        this.file = root.resolve("proc/meminfo");
    }

    @Override
    public Reading read() throws IOException {
        Map<String, Long> found = meminfo();
        // Before Linux 3.14 the kernel does not say what is available.
        long available = found.containsKey("MemAvailable")
                ? found.get("MemAvailable")
                : found.getOrDefault("MemFree", 0L)
                        + found.getOrDefault("Buffers", 0L)
                        + found.getOrDefault("Cached", 0L);
        Map<String, Object> values = new LinkedHashMap<>();
        put(values, "total", found.get("MemTotal"));
        put(values, "free", found.get("MemFree"));
        values.put("available", available);
        put(values, "buffers", found.get("Buffers"));
        put(values, "cached", found.get("Cached"));
        put(values, "shared", found.get("Shmem"));
        put(values, "swapTotal", found.get("SwapTotal"));
        put(values, "swapFree", found.get("SwapFree"));
        return Reading.of(values);
    }

    private static void put(Map<String, Object> values, String name, @Nullable Long bytes) {
        if (bytes != null) {
            values.put(name, bytes);
        }
    }

    private Map<String, Long> meminfo() throws IOException {
        Map<String, Long> found = new HashMap<>();
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                StringTokenizer words = new StringTokenizer(line, ": ");
                if (words.countTokens() == 3) {
                    found.put(words.nextToken(), Long.parseLong(words.nextToken()) * KIB);
                }
            }
        }
        return found;
    }
}
