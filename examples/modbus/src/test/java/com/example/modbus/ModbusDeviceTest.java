package com.example.modbus;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ModbusDeviceTest {
    private static final Duration DEADLINE = Duration.ofSeconds(4);

    private final Targets targets = new Targets();
    private Simulator simulator;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException, InterruptedException {
        simulator = new Simulator(folder);
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (simulator != null) {
            simulator.close();
        }
    }

    private ModbusDevice device(Map<String, ?> more, String... registers) {
        Map<String, Object> settings = new HashMap<>(Map.of(
                "host", "127.0.0.1", "port", simulator.port(), "registers", registers, "gatehouse_deadline", "PT4S"));
        settings.putAll(more);
        return new ModbusDevice(Configured.with(settings), targets);
    }

    private static Map<String, ?> value(String number, String unit) {
        return Map.of("value", new BigDecimal(number), "unit", unit);
    }

    private static Map<String, ?> value(String number) {
        return Map.of("value", new BigDecimal(number));
    }

    @Test
    void readsEachTypeInOneRequest() throws IOException {
        ModbusDevice device = device(
                Map.of(),
                "voltage holding 0 uint16 scale=0.1 unit=V",
                "outside holding 1 int16 unit=°C",
                "energy holding 2 uint32 unit=Wh",
                "balance holding 4 int32 words=low-first",
                "exact holding 6 float32 unit=V",
                "absent holding 8 float32");
        assertEquals(
                Map.of(
                        "voltage", value("230.1", "V"),
                        "outside", value("-2", "°C"),
                        "energy", value("4294967295", "Wh"),
                        "balance", value("-100000"),
                        "exact", value("230.5", "V")),
                device.read().values());
        assertEquals(List.of("asked for holding 0 10"), simulator.said("asked"));
        device.close();
    }

    @Test
    void readsAcrossGapsWhereThatIsPermittedAndTablesApart() throws IOException {
        String[] registers = {"a holding 10 uint16", "b holding 15 uint16", "c input 0 uint16"};
        try (Closing apart = new Closing(device(Map.of(), registers));
                Closing together = new Closing(device(Map.of("gap", 4), registers))) {
            assertEquals(apart.device().read(), together.device().read());
        }
        assertEquals(
                List.of(
                        "asked for holding 10 1",
                        "asked for holding 15 1",
                        "asked for input 0 1",
                        "asked for holding 10 6",
                        "asked for input 0 1"),
                simulator.said("asked"));
    }

    private record Closing(ModbusDevice device) implements AutoCloseable {
        @Override
        public void close() {
            device.close();
        }
    }

    @Test
    void keepsItsConnectionFromOneReadingToTheNextAndAfterARefusal() throws IOException {
        ModbusDevice device = device(Map.of(), "a holding 0 uint16", "b holding 2000 uint16");
        for (int time = 0; time < 3; time++) {
            IOException refused = assertThrows(IOException.class, device::read);
            assertEquals(
                    device + " refuses the holding registers 2000 to 2000: Illegal Data Address", refused.getMessage());
        }
        assertEquals(3, simulator.said("asked for holding 0 1").size());
        // another is whoever looked whether the simulator is there
        assertEquals(2, simulator.said("connected").size());
        device.close();
    }

    @ParameterizedTest
    @CsvSource({"9, a unit that is not there", "2, a unit that is slow"})
    void givesUpBeforeTheDeadline(int unit, String what) {
        ModbusDevice device = device(Map.of("unit", unit), "a holding 0 uint16");
        IOException late = assertTimeout(DEADLINE, () -> assertThrows(IOException.class, device::read, what), what);
        assertTrue(late.getMessage().startsWith("unit " + unit + " at 127.0.0.1:"), late.getMessage());
        assertTrue(late.getMessage().contains("does not answer for the holding registers 0 to 0"), late.getMessage());
        device.close();
    }

    @Test
    void sharesItsTimeAmongItsRequests() {
        ModbusDevice device = device(Map.of("unit", 2), "a holding 0 uint16", "b input 0 uint16");
        assertTimeout(DEADLINE, () -> assertThrows(IOException.class, device::read));
        device.close();
    }

    @Test
    void readsAgainWhenTheDeviceIsBack() throws IOException, InterruptedException {
        ModbusDevice device = device(Map.of(), "a holding 0 uint16");
        device.read();
        simulator.pause();
        assertTimeout(DEADLINE, () -> assertThrows(IOException.class, device::read));
        simulator.kill();
        IOException gone = assertTimeout(DEADLINE, () -> assertThrows(IOException.class, device::read));
        assertTrue(gone.getMessage().contains("cannot be reached"), gone.getMessage());
        simulator.start();
        assertEquals(Map.of("a", value("2301")), device.read().values());
        device.close();
    }

    @Test
    void endsAReadingWhenItIsClosed() throws Exception {
        ModbusDevice device = device(Map.of("unit", 2, "gatehouse_deadline", "PT60S"), "a holding 0 uint16");
        CompletableFuture<Object> reading = CompletableFuture.supplyAsync(() -> {
            try {
                return device.read();
            } catch (IOException e) {
                return e;
            }
        });
        await().until(() -> !simulator.said("asked").isEmpty());
        device.close();
        assertTrue(reading.get(4, TimeUnit.SECONDS) instanceof IOException, "an answer comes after six seconds");
        assertThrows(IOException.class, device::read, "it does not connect again");
    }

    @Test
    void readsNoMoreThanTheLicensePermits() throws IOException {
        targets.license = Map.of("targets", 1L);
        ModbusDevice first = device(Map.of(), "a holding 0 uint16");
        ModbusDevice second = device(Map.of(), "a holding 0 uint16");
        first.read();
        IOException beyond = assertThrows(IOException.class, second::read);
        assertTrue(
                beyond.getMessage()
                        .startsWith("the license com.example.modbus permits 1 targets, and 2 are configured"),
                beyond.getMessage());
        targets.license = Map.of("targets", 2L);
        second.read();
        targets.license = Map.of("targets", 1L);
        first.close();
        second.read();
        second.close();
    }

    @ParameterizedTest
    @CsvSource({
        "host, ' ', 'host is missing: the device''s address, such as 192.168.1.20'",
        "port, 0, 'port must be from 1 to 65535: 0'",
        "unit, 256, 'unit must be from 0 to 255: 256'",
        "gap, -1, 'gap must be from 0 to 125: -1'",
        "gatehouse_deadline, 5, 'gatehouse.deadline must be a duration such as PT5S: 5'"
    })
    void refusesSettingsByName(String name, String value, String words) {
        Object typed = value.matches("-?\\d+") && !name.startsWith("gatehouse") ? Integer.valueOf(value) : value;
        IllegalArgumentException wrong =
                assertThrows(IllegalArgumentException.class, () -> device(Map.of(name, typed), "a holding 0 uint16"));
        assertEquals(words, wrong.getMessage());
    }
}
