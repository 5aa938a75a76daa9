package io.gatehouse.collector.system;

import io.gatehouse.api.telemetry.Collector;
import io.gatehouse.api.telemetry.Publishes;
import io.gatehouse.api.telemetry.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.StringTokenizer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** How many processes wanted to run, on average over 1, 5 and 15 minutes. */
@Component
@Publishes(topic = "hardware/loadavg", period = "PT10S")
public final class Load implements Collector {
    private final Path file;

    @Activate
    public Load() {
        this(Path.of("/"));
    }

    Load(Path root) {
        this.file = root.resolve("proc/loadavg");
    }

    @Override
    public Reading read() throws IOException {
        StringTokenizer words = new StringTokenizer(Files.readString(file), " /\n");
        Reading reading = Reading.of("one", Double.parseDouble(words.nextToken()))
                .with("five", Double.parseDouble(words.nextToken()))
                .with("fifteen", Double.parseDouble(words.nextToken()));
        long running = Long.parseLong(words.nextToken());
        long total = Long.parseLong(words.nextToken());
        return reading.with("processes", Map.of("running", running, "total", total));
    }
}
