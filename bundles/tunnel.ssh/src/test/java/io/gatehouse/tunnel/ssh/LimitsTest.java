package io.gatehouse.tunnel.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LimitsTest {
    @Test
    void hasSensibleDefaults() {
        Limits limits = Limits.read(Bench.settings(Map.of()));

        assertEquals(
                Set.of(HostPort.parse("127.0.0.1:22"), HostPort.parse("127.0.0.1:80"), HostPort.parse("127.0.0.1:443")),
                limits.targets());
        assertEquals(2, limits.tunnels());
        assertEquals(0, limits.bandwidth());
        assertEquals(Duration.ofHours(8), limits.longest());
        assertEquals(Duration.ofMinutes(30), limits.lives().ttl());
        assertEquals(Duration.ofMinutes(10), limits.lives().idle());
        assertEquals(Duration.ofSeconds(15), limits.heartbeat().keepalive());
        assertEquals(16, limits.connections());
    }

    @Test
    void refusesWhatWillNotDoAndNamesIt() {
        assertRefused("targets", new String[] {"127.0.0.1"});
        assertRefused("targets", new String[] {"127.0.0.1:22", "127.1:22"});
        assertRefused("tunnels", 0);
        assertRefused("tunnels", 17);
        assertRefused("connections", 0);
        assertRefused("connections", 257);
        assertRefused("bandwidth", -1L);
        assertRefused("bandwidth", 1023L);
        assertRefused("longest", "PT0S");
        assertRefused("longest", "8 hours");
        assertRefused("ttl", "PT9H");
        assertRefused("idle", "PT0S");
        assertRefused("keepalive", "PT0S");
        assertRefused("patience", "-PT1S");
    }

    private static void assertRefused(String name, Object value) {
        String message = assertThrows(
                        IllegalArgumentException.class, () -> Limits.read(Bench.settings(Map.of(name, value))), name)
                .getMessage();
        assertTrue(message.startsWith("io.gatehouse.tunnel.ssh: " + name), message);
        String shown = value instanceof String[] texts ? texts[texts.length - 1] : value.toString();
        assertTrue(message.endsWith(": " + shown), message);
    }
}
