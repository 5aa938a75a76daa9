package io.gatehouse.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.protocol.DeviceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalDeviceTest {
    private static final String BOOT = "00000000deadbeef";

    @TempDir
    Path root;

    private final Map<String, String> properties = new HashMap<>();

    @BeforeEach
    void boots() {
        properties.put("gatehouse.boot", BOOT);
    }

    @Test
    void isCalledWhatItsPropertySays() {
        properties.put("gatehouse.device", "dwr/311-a1/00-11-22-33-44-55");
        assertEquals("dwr/311-a1/00-11-22-33-44-55", device().name());
        assertEquals(BOOT, device().boot());
        assertEquals(Optional.empty(), device().place());
    }

    @Test
    void liesUnderItsPlaceFamilyModelAndItselfFromWidestToNarrowest() {
        properties.put("gatehouse.device", "dwr/311-a1/7");
        properties.put("gatehouse.place", "world/asia");
        assertEquals(List.of("world", "world/asia", "dwr", "dwr/311-a1", "dwr/311-a1/7"), device().scopes());
        assertEquals(Optional.of("world/asia"), device().place());
    }

    @Test
    void refusesNameWithoutThreeLevelsAndNamesTheProperty() {
        properties.put("gatehouse.device", "dwr/311-a1");
        String message =
                assertThrows(IllegalArgumentException.class, this::device).getMessage();
        assertTrue(message.contains("gatehouse.device") && message.contains("\"dwr/311-a1\""), message);
    }

    @Test
    void refusesPlaceThatBeginsWithTheFamily() {
        properties.put("gatehouse.device", "world/a/b");
        properties.put("gatehouse.place", "world/asia");
        String message =
                assertThrows(IllegalArgumentException.class, this::device).getMessage();
        assertTrue(message.contains("gatehouse.place"), message);
    }

    @Test
    void refusesBootThatIsMissingOrIllFormed() {
        properties.put("gatehouse.device", "dwr/311-a1/7");
        properties.put("gatehouse.boot", "DEADBEEF");
        assertTrue(assertThrows(IllegalStateException.class, this::device)
                .getMessage()
                .contains("DEADBEEF"));
        properties.remove("gatehouse.boot");
        assertTrue(assertThrows(IllegalStateException.class, this::device)
                .getMessage()
                .contains("not set"));
    }

    @Test
    void takesMacOfPhysicalInterfaceWithTheSmallestIndex() throws IOException {
        networkInterface("br0", 1, "02:00:00:00:00:01", false);
        networkInterface("eth1", 10, "02:00:00:00:00:0b", true);
        networkInterface("eth0", 9, "02:00:00:00:00:0A", true);
        networkInterface("wwan0", 2, "00:00:00:00:00:00", true);
        assertEquals("generic/linux/02-00-00-00-00-0b", device().name(), "an address in capitals is none of Linux");
        networkInterface("eth0", 9, "02:00:00:00:00:0a", true);
        assertEquals("generic/linux/02-00-00-00-00-0a", device().name());
    }

    @Test
    void takesFirstInterfaceWithAnAddressWhereNoneIsPhysical() throws IOException {
        networkInterface("lo", 1, "00:00:00:00:00:00", false);
        networkInterface("veth7", 7, "02:00:00:00:00:07", false);
        networkInterface("veth3", 3, "02:00:00:00:00:03", false);
        properties.put("gatehouse.family", "dwr");
        properties.put("gatehouse.model", "311-a1");
        assertEquals("dwr/311-a1/02-00-00-00-00-03", device().name());
    }

    @Test
    void takesDigestOfMachineIdWhereThereIsNoInterface() throws IOException {
        Files.createDirectories(root.resolve("etc"));
        Files.writeString(root.resolve("etc/machine-id"), "0123456789abcdef0123456789abcdef\n");
        String name = device().name();
        assertTrue(name.matches("generic/linux/machine-[0-9a-f]{16}"), name);
        assertTrue(!name.contains("0123456789abcdef"), "the machine id itself is not shown");
        assertEquals(name, device().name());
    }

    @Test
    void saysWhatToDoWhereNothingTellsTheMachineApart() {
        String message = assertThrows(IllegalStateException.class, this::device).getMessage();
        assertTrue(message.contains("set gatehouse.device"), message);
    }

    @Test
    void isWhomItsTokenNamesBeforeAllElse() {
        properties.put("gatehouse.family", "other");
        LocalDevice device = device(member(Optional.of("world/asia")));
        assertEquals("dwr/311-a1/7", device.name());
        assertEquals(List.of("world", "world/asia", "dwr", "dwr/311-a1", "dwr/311-a1/7"), device.scopes());
    }

    @Test
    void standsWhereTheSettingSaysWhereTheTokenDoesNot() {
        properties.put("gatehouse.place", "world/asia");
        assertEquals(Optional.of("world/asia"), device(member(Optional.empty())).place());
    }

    @Test
    void refusesSettingsThatContradictTheToken() {
        properties.put("gatehouse.device", "dwr/311-a1/7");
        properties.put("gatehouse.place", "world/europe");
        String place = assertThrows(IllegalArgumentException.class, () -> device(member(Optional.of("world/asia"))))
                .getMessage();
        assertTrue(place.contains("gatehouse.place is world/europe") && place.contains("says world/asia"), place);
        properties.put("gatehouse.device", "dwr/311-a1/8");
        String name = assertThrows(IllegalArgumentException.class, () -> device(member(Optional.empty())))
                .getMessage();
        assertTrue(name.contains("gatehouse.device is dwr/311-a1/8") && name.contains("says dwr/311-a1/7"), name);
    }

    private static Optional<Membership> member(Optional<String> place) {
        return Optional.of(
                new Membership("id", DeviceName.parse("dwr/311-a1/7"), place, Sha256.of(new byte[0]), "root"));
    }

    private void networkInterface(String name, int index, String address, boolean physical) throws IOException {
        Path folder = Files.createDirectories(root.resolve("sys/class/net").resolve(name));
        Files.writeString(folder.resolve("ifindex"), index + "\n");
        Files.writeString(folder.resolve("address"), address + "\n");
        if (physical) {
            Files.createDirectories(folder.resolve("device"));
        }
    }

    private LocalDevice device() {
        return device(Optional.empty());
    }

    private LocalDevice device(Optional<Membership> membership) {
        return new LocalDevice(
                new Settings(property -> Optional.ofNullable(properties.get(property))), membership, new Machine(root));
    }
}
