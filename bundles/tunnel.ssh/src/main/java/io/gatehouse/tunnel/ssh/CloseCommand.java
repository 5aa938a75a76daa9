package io.gatehouse.tunnel.ssh;

import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Outcome;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Closes a tunnel. */
@Component
@Command("tunnel.close")
public final class CloseCommand implements CommandHandler {
    private final Tunnels tunnels;

    @Activate
    public CloseCommand(@Reference Tunnels tunnels) {
        this.tunnels = tunnels;
    }

    @Override
    public Outcome handle(Invocation invocation) throws InterruptedException {
        return tunnels.close(invocation.arguments().string("id"));
    }
}
