package io.gatehouse.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CollectorNameTest {
    private static final String COMPONENT = "com.acme.Ups";

    @Test
    void isTheComponentsWithAndWithoutAConfiguration() {
        assertEquals(COMPONENT, name(Map.of("component.name", COMPONENT, "service.id", 42L)));
        assertEquals(COMPONENT, name(Map.of("component.name", COMPONENT, "service.pid", "acme.ups")));
    }

    @Test
    void isThePidWhereConfigurationsMakeAComponentSeveralTimes() {
        assertEquals(
                "com.acme.Ups~rack2",
                name(Map.of(
                        "component.name", COMPONENT,
                        "service.factoryPid", COMPONENT,
                        "service.pid", "com.acme.Ups~rack2")));
        assertEquals(
                "[com.acme.Ups~rack2, com.acme.Bus]",
                name(Map.of(
                        "component.name", COMPONENT,
                        "service.factoryPid", COMPONENT,
                        "service.pid", List.of("com.acme.Ups~rack2", "com.acme.Bus"))));
    }

    @Test
    void isThePidOrElseTheTopicWhereThereIsNoComponent() {
        assertEquals("acme.ups", name(Map.of("service.pid", "acme.ups", "gatehouse.topic", "power/ups")));
        assertEquals("service for power/ups", name(Map.of("gatehouse.topic", "power/ups", "service.id", 42L)));
    }

    private static String name(Map<String, Object> properties) {
        return CollectorName.of(properties::get);
    }
}
