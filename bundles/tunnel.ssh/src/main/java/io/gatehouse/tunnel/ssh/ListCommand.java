package io.gatehouse.tunnel.ssh;

import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Outcome;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Tells which tunnels there are. */
@Component
@Command("tunnel.list")
public final class ListCommand implements CommandHandler {
    private final Tunnels tunnels;

    @Activate
    public ListCommand(@Reference Tunnels tunnels) {
        this.tunnels = tunnels;
    }

    @Override
    public Outcome handle(Invocation invocation) {
        return tunnels.list();
    }
}
