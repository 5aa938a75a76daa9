package io.gatehouse.tunnel.ssh;

import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Outcome;
import java.io.IOException;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Tells the device's public SSH key. */
@Component
@Command("tunnel.key")
public final class KeyCommand implements CommandHandler {
    private final Tunnels tunnels;

    @Activate
    public KeyCommand(@Reference Tunnels tunnels) {
        this.tunnels = tunnels;
    }

    @Override
    public Outcome handle(Invocation invocation) throws IOException {
        return Outcome.done(Map.of("key", tunnels.key()));
    }
}
