package io.gatehouse.firmware.rauc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StatusTest {
    private static final Slot BOOTED =
            new Slot("rootfs.0", "rootfs", "booted", "A", "2026-11-01T00:00:00Z", "/dev/rootfs.0");
    private static final Slot APP =
            new Slot("appfs.1", "appfs", "inactive", "", "2026-11-30T00:00:00Z", "/dev/appfs.1");
    private static final Slot RESCUE =
            new Slot("rescue.0", "rescue", "inactive", "R", "2026-11-30T00:00:00Z", "/dev/rescue.0");

    @Test
    void otherSlotIsTheOneThatTheBootLoaderStartsInstead() throws Exception {
        Slot other = new Slot("rootfs.1", "rootfs", "inactive", "B", "", "/dev/rootfs.1");
        assertEquals(other, new Status("x", List.of(APP, RESCUE, BOOTED, other)).other());
    }

    @Test
    void otherSlotOfSeveralIsTheOneThatWasWrittenLast() throws Exception {
        Slot old = new Slot("rootfs.1", "rootfs", "inactive", "B", "2026-11-28T21:00:00Z", "/dev/rootfs.1");
        Slot last = new Slot("rootfs.2", "rootfs", "inactive", "C", "2026-11-28T22:00:00Z", "/dev/rootfs.2");
        assertEquals(last, new Status("x", List.of(old, last, BOOTED)).other());
        assertEquals(last, new Status("x", List.of(BOOTED, last, old)).other());
    }

    @Test
    void whatRunsIsInTheSlotThatWasStartedAndInThoseThatGoWithIt() {
        Slot app = new Slot("appfs.0", "appfs", "active", "", "", "/dev/appfs.0");
        Slot nowhere = new Slot("data.0", "data", "active", "", "", "");
        assertEquals(
                List.of(Path.of("/dev/rootfs.0"), Path.of("/dev/appfs.0")),
                new Status("x", List.of(APP, app, RESCUE, nowhere, BOOTED)).devicesInUse());
    }

    @Test
    void saysWhatIsMissingInTheConfiguration() {
        IOException single = assertThrows(IOException.class, () -> new Status("x", List.of(BOOTED, APP)).other());
        assertTrue(single.getMessage().contains("besides rootfs.0"), single::getMessage);
        IOException external = assertThrows(IOException.class, () -> new Status("x", List.of(APP)).booted());
        assertTrue(external.getMessage().contains("rauc.slot="), external::getMessage);
    }
}
