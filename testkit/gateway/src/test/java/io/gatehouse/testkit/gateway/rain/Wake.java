package io.gatehouse.testkit.gateway.rain;

import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Outcome;
import java.util.Map;
import org.osgi.service.component.annotations.Component;

/** Wakes nobody. */
@Component
@Command("wake")
public final class Wake implements CommandHandler {
    @Override
    public Outcome handle(Invocation invocation) {
        return Outcome.done(Map.of("woken", invocation.arguments().string("host")));
    }
}
