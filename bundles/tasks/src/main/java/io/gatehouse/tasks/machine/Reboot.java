package io.gatehouse.tasks;

import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.message.Outbox;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Restarts the machine, where that is permitted; a little later, so that the answer gets away first. An event
 * {@code reboot} says that it goes, or why it did not.
 */
@Component(configurationPid = "io.gatehouse.tasks")
@Command("reboot")
public final class Reboot implements CommandHandler {
    private static final Logger LOG = System.getLogger(Reboot.class.getName());
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int LONGEST_REASON = 500;

    private final Config config;
    private final Outbox outbox;
    private @Nullable Thread pending;

    /** What can be configured. */
    @interface Config {
        /** Whether this machine may be restarted by command. */
        boolean rebootPermitted() default false;

        /** The program and its arguments. */
        String[] rebootCommand() default {"/sbin/reboot"};
    }

    @Activate
    public Reboot(Config config, @Reference Outbox outbox) {
        this.config = config;
        this.outbox = outbox;
    }

    @Override
    public Outcome handle(Invocation invocation) {
        Members arguments = invocation.arguments();
        Duration delay = arguments.optionalDuration("delay").orElse(Duration.ofSeconds(2));
        if (delay.compareTo(SHORTEST) < 0 || delay.compareTo(LONGEST) > 0) {
            throw arguments.wrong("delay", delay, "from PT1S to PT1H");
        }
        String reason = arguments.optionalString("reason").orElse("");
        if (reason.length() > LONGEST_REASON) {
            throw arguments.wrong("reason", reason.length() + " characters", "at most " + LONGEST_REASON);
        }
        if (!config.rebootPermitted() || config.rebootCommand().length == 0) {
            return Outcome.refused(
                    "not-permitted",
                    "this device may not be rebooted by command; configuration io.gatehouse.tasks: rebootPermitted");
        }
        return begin(delay, reason);
    }

    /** A restart that was promised and did not go yet does not go any more. */
    @Deactivate
    synchronized void close() {
        if (pending != null) {
            pending.interrupt();
        }
    }

    private synchronized Outcome begin(Duration delay, String reason) {
        if (pending != null) {
            return Outcome.refused("already-rebooting", "a reboot was asked for before and is about to go");
        }
        Thread thread = new Thread(() -> run(delay, reason), "reboot");
        thread.setDaemon(true);
        pending = thread;
        thread.start();
        return Outcome.done(Map.of("rebootingIn", delay.toMillis() / 1000.0, "reason", reason));
    }

    private void run(Duration delay, String reason) {
        try {
            Thread.sleep(delay.toMillis());
            go(List.of(config.rebootCommand()), reason);
        } catch (InterruptedException e) {
            failed(reason, "the bundle that was to do it was stopped or replaced; ask again");
        } finally {
            forget();
        }
    }

    private void go(List<String> command, String reason) {
        LOG.log(Level.WARNING, "rebooting by command: {0}", reason);
        outbox.event("reboot", Map.of("state", "rebooting", "reason", reason));
        try {
            int code = new ProcessBuilder(command).inheritIO().start().waitFor();
            if (code != 0) {
                failed(reason, command.get(0) + " ended with code " + code);
            }
        } catch (IOException e) {
            failed(reason, "cannot run " + command.get(0) + ": " + e.getMessage());
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "stopped while the machine goes down, as is right");
        }
    }

    private synchronized void forget() {
        pending = null;
    }

    private void failed(String reason, String cause) {
        LOG.log(Level.ERROR, "reboot failed: {0}", cause);
        outbox.event("reboot", Map.of("state", "failed", "reason", reason, "cause", cause));
    }
}
