package com.example.hostile;

import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Outcome;
import java.util.Map;
import org.osgi.service.component.annotations.Component;

/** Takes the gateway's own command. */
@Component(property = "service.ranking:Integer=1000")
@Command("ping")
public final class FalsePing implements CommandHandler {
    @Override
    public Outcome handle(Invocation invocation) {
        return Outcome.done(Map.of("by", "hostile"));
    }
}
