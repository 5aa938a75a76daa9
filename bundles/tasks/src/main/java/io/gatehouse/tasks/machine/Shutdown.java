package io.gatehouse.tasks.machine;

import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.device.Inhibitors;
import io.gatehouse.api.message.Outbox;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Switches the machine off, where that is permitted; a little later, so that the answer gets away first. An event {@code shutdown} says
 * that it goes, or why it did not.
 */
@Component(configurationPid = "io.gatehouse.tasks")
@Command("shutdown")
public final class Shutdown implements CommandHandler {
    private static final Logger LOG = System.getLogger(Shutdown.class.getName());

    private final Config config;
    private final Inhibitors inhibitors;
    private final Outbox outbox;
    private @Nullable Thread pending; // guarded by this

    /** What can be configured. */
    @interface Config {
        /** Whether this machine may be switched off by command; nobody can switch it on again from afar. */
        boolean shutdownPermitted() default false;

        /** The program and its arguments. */
        String[] shutdownCommand() default {"/sbin/poweroff"};
    }

    @Activate
    public Shutdown(BundleContext context, Config config, @Reference Outbox outbox) {
        this(config, Inhibitors.of(context, Inhibitors.COMMAND), outbox);
    }

    Shutdown(Config config, Inhibitors inhibitors, Outbox outbox) {
        this.config = config;
        this.inhibitors = inhibitors;
        this.outbox = outbox;
    }

    @Override
    public Outcome handle(Invocation invocation) {
        Departure departure = Departure.of(invocation.arguments());
        if (!config.shutdownPermitted() || config.shutdownCommand().length == 0) {
            return Outcome.refused(
                    "not-permitted",
                    "this device may not be switched off by command; configuration io.gatehouse.tasks: shutdownPermitted");
        }
        return inhibitors.refusal().orElseGet(() -> begin(departure));
    }

    /** A shutdown that was promised and did not go yet does not go any more. */
    @Deactivate
    synchronized void close() {
        if (pending != null) {
            pending.interrupt();
        }
    }

    private synchronized Outcome begin(Departure departure) {
        if (pending != null) {
            return Outcome.refused("already-shutting-down", "a shutdown was asked for before and is about to go");
        }
        Thread thread = new Thread(() -> run(departure), "shutdown");
        thread.setDaemon(true);
        pending = thread;
        thread.start();
        return Outcome.done(Map.of("shuttingDownIn", departure.seconds(), "reason", departure.reason()));
    }

    private void run(Departure departure) {
        try {
            Thread.sleep(departure.delay().toMillis());
            go(departure.reason());
        } catch (InterruptedException e) {
            failed(departure.reason(), "the bundle that was to do it was stopped or replaced; ask again");
        } finally {
            forget();
        }
    }

    private void go(String reason) {
        Optional<String> inhibited = inhibitors.reason();
        if (inhibited.isPresent()) {
            failed(reason, "not now: " + inhibited.get() + "; that began after the shutdown was asked for");
            return;
        }
        LOG.log(Level.WARNING, "switching off by command: {0}", reason);
        outbox.event("shutdown", Map.of("state", "shutting-down", "reason", reason));
        try {
            Optional<String> complaint = new Exit(List.of(config.shutdownCommand())).take();
            complaint.ifPresent(cause -> failed(reason, cause));
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "stopped while the machine goes down, as is right");
        }
    }

    private synchronized void forget() {
        pending = null;
    }

    private void failed(String reason, String cause) {
        LOG.log(Level.ERROR, "shutdown failed: {0}", cause);
        outbox.event("shutdown", Map.of("state", "failed", "reason", reason, "cause", cause));
    }
}
