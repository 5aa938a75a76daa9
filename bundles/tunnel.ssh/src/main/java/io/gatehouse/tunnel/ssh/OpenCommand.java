package io.gatehouse.tunnel.ssh;

import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Outcome;
import java.io.IOException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Opens a tunnel. */
@Component
@Command("tunnel.open")
public final class OpenCommand implements CommandHandler {
    private final Tunnels tunnels;

    @Activate
    public OpenCommand(@Reference Tunnels tunnels) {
        this.tunnels = tunnels;
    }

    @Override
    public Outcome handle(Invocation invocation) throws IOException, InterruptedException {
        return tunnels.open(invocation);
    }
}
