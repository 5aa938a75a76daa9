package com.example.thermometer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OneWireTest {
    @TempDir
    Path bus;

    @Test
    void readsEachThatAnswers() throws IOException {
        shows("28-00000a1b2c3d", "23125\n");
        shows("10-0008039ad4e1", "-4500\n");
        shows("28-00000dead000", "\n");
        shows("w1_bus_master1", "1\n");
        Files.createDirectory(bus.resolve("28-unplugged"));
        assertEquals(Map.of("28-00000a1b2c3d", 23.125, "10-0008039ad4e1", -4.5), new OneWire(bus).celsius());
    }

    @Test
    void saysWhereThereIsNoBus() {
        Path nowhere = bus.resolve("nowhere");
        NoSuchFileException e = assertThrows(NoSuchFileException.class, () -> new OneWire(nowhere).celsius());
        assertEquals(nowhere.toString(), e.getFile());
    }

    private void shows(String name, String text) throws IOException {
        Files.writeString(Files.createDirectory(bus.resolve(name)).resolve("temperature"), text);
    }
}
