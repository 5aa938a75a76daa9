package com.example.hello;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.gatehouse.api.command.Outcome;
import io.gatehouse.testkit.gateway.Gateway;
import io.gatehouse.testkit.gateway.GatewayTest;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@GatewayTest
final class GreetIT {
    @BeforeAll
    static void install(Gateway gateway) throws Exception {
        gateway.install(Path.of(System.getProperty("bundle")));
    }

    @Test
    void greetsOnAGatewayAlsoAfterAPowerCut(Gateway gateway) throws Exception {
        gateway.faults().powerCut();
        assertEquals(
                Outcome.done(Map.of("greeting", "Hello, Ann")),
                gateway.command("hello.greet", Map.of("name", "Ann")));
    }

    @Test
    void asksForANameOnAGateway(Gateway gateway) throws Exception {
        assertInstanceOf(Outcome.Refused.class, gateway.command("hello.greet", Map.of()));
    }
}
