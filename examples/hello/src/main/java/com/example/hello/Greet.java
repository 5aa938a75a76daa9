package com.example.hello;

import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Outcome;
import java.util.Map;
import org.osgi.service.component.annotations.Component;

/** Greets whom it is told to. */
@Component
@Command("hello.greet")
public final class Greet implements CommandHandler {
    @Override
    public Outcome handle(Invocation invocation) {
        String name = invocation.arguments().string("name");
        return Outcome.done(Map.of("greeting", "Hello, " + name));
    }
}
