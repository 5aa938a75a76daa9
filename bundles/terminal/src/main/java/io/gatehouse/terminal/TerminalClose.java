package io.gatehouse.terminal;

import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Outcome;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Ends a terminal with all that runs in it, and answers when nothing of it is left. */
@Component
@Command("terminal.close")
public final class TerminalClose implements CommandHandler {
    private final Terminals terminals;

    @Activate
    public TerminalClose(@Reference Terminals terminals) {
        this.terminals = terminals;
    }

    @Override
    public Outcome handle(Invocation invocation) throws InterruptedException {
        return terminals.close(invocation.arguments().string("id"));
    }
}
