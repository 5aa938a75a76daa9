package io.gatehouse.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ScopeTest {
    private static final String DEVICE = "dwr/311-a1/00-11-22-33-44-55";

    @Test
    void coversTheDevicesOfAFamilyAModelAndItself() {
        for (String path : new String[] {"dwr", "dwr/311-a1", DEVICE}) {
            assertTrue(new Scope(path).covers(DEVICE, Optional.empty()), path);
        }
    }

    @Test
    void coversByWholeLevelsOnly() {
        assertFalse(new Scope("dwr/311").covers(DEVICE, Optional.empty()));
        assertFalse(new Scope("world/as").covers(DEVICE, Optional.of("world/asia")));
    }

    @Test
    void coversDevicesByTheirPlace() {
        assertTrue(new Scope("world/asia").covers(DEVICE, Optional.of("world/asia/taiwan")));
        assertFalse(new Scope("world/asia/taiwan/taipei").covers(DEVICE, Optional.of("world/asia/taiwan")));
    }

    @Test
    void refusesWildcardsAndReservedWordsByName() {
        assertThrows(IllegalArgumentException.class, () -> new Scope("dwr/+"));
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> new Scope("dwr/cmd"));
        assertEquals("scope \"dwr/cmd\": \"cmd\" is a reserved word", e.getMessage());
    }
}
