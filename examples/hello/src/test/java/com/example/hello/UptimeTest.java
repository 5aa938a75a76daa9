package com.example.hello;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatehouse.api.telemetry.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UptimeTest {
    @Test
    void readsTheFirstOfTheTwoNumbers(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("uptime"), "4820.25 9311.02\n");
        assertEquals(Reading.of("seconds", 4820.25), new Uptime(file).read());
    }
}
