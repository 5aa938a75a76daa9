package io.gatehouse.collector.system;

import io.gatehouse.api.telemetry.Collector;
import io.gatehouse.api.telemetry.Publishes;
import io.gatehouse.api.telemetry.Reading;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** How warm the kernel's thermal zones are. */
@Component
@Publishes(topic = "hardware/temperature", period = "PT30S")
public final class Temperature implements Collector {
    private static final double ABSOLUTE_ZERO = -273.15;

    private final Path zones;

    @Activate
    public Temperature() {
        this(Path.of("/"));
    }

    Temperature(Path root) {
        this.zones = root.resolve("sys/class/thermal");
    }

    @Override
    public Reading read() throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(zones, "thermal_zone*")) {
            all.forEach(found::add);
        } catch (NoSuchFileException e) {
            return Reading.nothing();
        }
        found.sort(Comparator.comparing((Path zone) -> zone.toString().length()).thenComparing(Path::toString));
        List<Map<String, Object>> list = new ArrayList<>();
        for (Path zone : found) {
            add(list, zone);
        }
        return list.isEmpty() ? Reading.nothing() : Reading.of("zones", list);
    }

    private static void add(List<Map<String, Object>> list, Path zone) {
        Map<String, Object> line = new LinkedHashMap<>();
        try {
            line.put("name", zone.getFileName().toString());
            line.put("type", Files.readString(zone.resolve("type")).strip());
            double celsius =
                    Long.parseLong(Files.readString(zone.resolve("temp")).strip()) / 1000.0;
            line.put("celsius", celsius);
            if (celsius >= ABSOLUTE_ZERO) {
                list.add(line);
            }
        } catch (IOException | NumberFormatException e) {
            // Zones whose device sleeps or is switched off answer with an error: nothing is known of them now.
            return;
        }
    }
}
