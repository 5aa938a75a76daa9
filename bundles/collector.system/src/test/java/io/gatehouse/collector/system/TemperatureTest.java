package io.gatehouse.collector.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TemperatureTest {
    @TempDir
    Path root;

    @Test
    void saysEachZoneInTheirOrder() throws IOException {
        zone(10, "wifi", "-5500\n");
        zone(2, "cpu-thermal", "48312\n");
        new Machine(root).with("sys/class/thermal/cooling_device0/type", "fan\n");
        assertEquals(
                List.of(
                        Map.of("name", "thermal_zone2", "type", "cpu-thermal", "celsius", 48.312),
                        Map.of("name", "thermal_zone10", "type", "wifi", "celsius", -5.5)),
                new Temperature(root).read().values().get("zones"));
    }

    @Test
    void leavesOutAZoneThatCannotBeReadNow() throws IOException {
        zone(0, "cpu-thermal", "40000\n");
        zone(1, "modem", "-274000\n");
        zone(2, "broken", "\n");
        Files.createDirectories(root.resolve("sys/class/thermal/thermal_zone3/temp"));
        assertEquals(
                List.of(Map.of("name", "thermal_zone0", "type", "cpu-thermal", "celsius", 40.0)),
                new Temperature(root).read().values().get("zones"));
    }

    @Test
    void saysNothingWhereThereAreNone() throws IOException {
        assertTrue(new Temperature(root).read().isNothing());
        Files.createDirectories(root.resolve("sys/class/thermal"));
        assertTrue(new Temperature(root).read().isNothing());
    }

    @Test
    void doesNotFailOnThisMachine() throws IOException {
        Object zones = new Temperature().read().values().getOrDefault("zones", List.of());
        for (Object zone : (List<?>) zones) {
            double celsius = (double) ((Map<?, ?>) zone).get("celsius");
            assertTrue(celsius > -100 && celsius < 200, zone.toString());
        }
    }

    private void zone(int number, String type, String temp) {
        String zone = "sys/class/thermal/thermal_zone" + number;
        new Machine(root).with(zone + "/type", type + "\n").with(zone + "/temp", temp);
    }
}
