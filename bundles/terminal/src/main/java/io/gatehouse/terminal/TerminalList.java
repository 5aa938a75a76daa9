package io.gatehouse.terminal;

import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Outcome;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Lists the terminals that are open. */
@Component
@Command("terminal.list")
public final class TerminalList implements CommandHandler {
    private final Terminals terminals;

    @Activate
    public TerminalList(@Reference Terminals terminals) {
        this.terminals = terminals;
    }

    @Override
    public Outcome handle(Invocation invocation) {
        return Outcome.done(
                Map.of("terminals", terminals.all().stream().map(Terminal::told).toList()));
    }
}
