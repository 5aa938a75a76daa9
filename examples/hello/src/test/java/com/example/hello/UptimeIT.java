package com.example.hello;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.testkit.gateway.Gateway;
import io.gatehouse.testkit.gateway.GatewayTest;
import io.gatehouse.testkit.gateway.Observation;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@GatewayTest
final class UptimeIT {
    @BeforeAll
    static void install(Gateway gateway) throws Exception {
        gateway.install(Path.of(System.getProperty("bundle")));
    }

    @Test
    void isPublishedByAGateway(Gateway gateway) throws Exception {
        gateway.configure("com.example.hello.Uptime", Map.of("gatehouse.period", "PT0.5S"));
        Observation first = gateway.awaitObservation("example/uptime");
        Observation later = gateway.awaitObservation("example/uptime");
        assertTrue(later.number("seconds") >= first.number("seconds"));
    }
}
