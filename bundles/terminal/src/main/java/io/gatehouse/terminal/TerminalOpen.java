package io.gatehouse.terminal;

import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.tunnel.TunnelTarget;
import java.io.IOException;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Opens a terminal behind an SSH server of its own on the loopback, and lets tunnels lead there. */
@Component
@Command("terminal.open")
public final class TerminalOpen implements CommandHandler {
    private final Terminals terminals;
    private final Targets targets;

    /** Lets tunnels lead to a door. */
    @FunctionalInterface
    interface Targets {
        /**
         * They may.
         *
         * @return to be run once, when they may no longer
         */
        Runnable add(TunnelTarget target);
    }

    @Activate
    public TerminalOpen(BundleContext context, @Reference Terminals terminals) {
        this(terminals, target -> {
            ServiceRegistration<TunnelTarget> registration = context.registerService(TunnelTarget.class, target, null);
            return () -> unregister(registration);
        });
    }

    TerminalOpen(Terminals terminals, Targets targets) {
        this.terminals = terminals;
        this.targets = targets;
    }

    @Override
    public Outcome handle(Invocation invocation) throws IOException {
        AskersKey key = AskersKey.of(invocation.arguments());
        return terminals.open(invocation, terminal -> SshDoor.open(terminal, key, targets));
    }

    private static void unregister(ServiceRegistration<TunnelTarget> registration) {
        try {
            registration.unregister();
        } catch (IllegalStateException e) {
            // the bundle was stopped first, and took its services along
        }
    }
}
