package com.example.hello;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.testkit.FakeInvocation;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class GreetTest {
    @Test
    void greetsByName() {
        FakeInvocation invocation = new FakeInvocation(Map.of("name", "Ann"));
        assertEquals(Outcome.done(Map.of("greeting", "Hello, Ann")), new Greet().handle(invocation));
    }

    @Test
    void asksForAName() {
        FakeInvocation invocation = new FakeInvocation(Map.of());
        assertEquals(
                "name is missing",
                assertThrows(BadArgument.class, () -> new Greet().handle(invocation))
                        .getMessage());
    }
}
