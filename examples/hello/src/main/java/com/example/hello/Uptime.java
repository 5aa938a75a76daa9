package com.example.hello;

import io.gatehouse.api.telemetry.Collector;
import io.gatehouse.api.telemetry.Publishes;
import io.gatehouse.api.telemetry.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** How long the machine has been running, in seconds. */
@Component
@Publishes(topic = "example/uptime", period = "PT5S")
public final class Uptime implements Collector {
    private final Path file;

    @Activate
    public Uptime() {
        this(Path.of("/proc/uptime"));
    }

    Uptime(Path file) {
        this.file = file;
    }

    @Override
    public Reading read() throws IOException {
        String text = Files.readString(file);
        return Reading.of("seconds", Double.parseDouble(text.substring(0, text.indexOf(' '))));
    }
}
