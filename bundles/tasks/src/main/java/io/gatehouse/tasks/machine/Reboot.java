package io.gatehouse.tasks.machine;

import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.device.Device;
import io.gatehouse.api.device.Inhibitors;
import io.gatehouse.api.message.Outbox;
import io.gatehouse.api.store.Store;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
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
 * Restarts the machine, where that is permitted, and answers when it is back: so {@link #handle} begins it and ends with the process, and
 * {@link #resume} says in the next process whether the kernel was started anew. An event {@code reboot} says each step.
 */
@Component(configurationPid = "io.gatehouse.tasks")
@Command("reboot")
public final class Reboot implements CommandHandler {
    private static final Logger LOG = System.getLogger(Reboot.class.getName());

    /** What a machine may take from saying that it goes to the end of this process. */
    private static final Duration LONGEST_END = Duration.ofMinutes(5);

    private final Config config;
    private final Surroundings machine;
    private final Device device;
    private final Outbox outbox;
    private final Store store;

    // guarded by this
    private @Nullable Thread waiting;
    private boolean isUnderWay;
    private boolean isClosed;

    /** What can be configured. */
    @interface Config {
        /** Whether this machine may be restarted by command. */
        boolean rebootPermitted() default false;

        /** The program and its arguments. */
        String[] rebootCommand() default {"/sbin/reboot"};
    }

    /**
     * What it finds around it.
     *
     * @param bootId the file with the kernel's boot id
     * @param longestEnd from the end of the program to that of this process
     */
    record Surroundings(Inhibitors inhibitors, Path bootId, Clock clock, Duration longestEnd) {}

    @Activate
    public Reboot(
            BundleContext context,
            Config config,
            @Reference Device device,
            @Reference Outbox outbox,
            @Reference Store store) {
        this(
                config,
                new Surroundings(
                        Inhibitors.of(context, Inhibitors.COMMAND),
                        Path.of("/proc/sys/kernel/random/boot_id"),
                        Clock.systemUTC(),
                        LONGEST_END),
                device,
                outbox,
                store);
    }

    Reboot(Config config, Surroundings machine, Device device, Outbox outbox, Store store) {
        this.config = config;
        this.machine = machine;
        this.device = device;
        this.outbox = outbox;
        this.store = store;
    }

    @Override
    public Outcome handle(Invocation invocation) throws InterruptedException {
        Departure departure = Departure.of(invocation.arguments());
        if (!config.rebootPermitted() || config.rebootCommand().length == 0) {
            return Outcome.refused(
                    "not-permitted",
                    "this device may not be rebooted by command; configuration io.gatehouse.tasks: rebootPermitted");
        }
        Optional<Outcome> refusal = machine.inhibitors().refusal();
        if (refusal.isPresent()) {
            return refusal.get();
        }
        if (!begin()) {
            return Outcome.refused("already-rebooting", "a reboot was asked for before and is about to go");
        }
        try {
            Optional<String> inhibited = waited(invocation, departure);
            return inhibited.isPresent()
                    ? inhibitedMeanwhile(departure.reason(), inhibited.get())
                    : go(departure.reason());
        } finally {
            end();
        }
    }

    @Override
    public Outcome resume(String id) throws IOException, InterruptedException {
        Optional<Promise> kept =
                Promise.kept(store).filter(promise -> promise.id().equals(id));
        if (kept.isEmpty()) {
            return CommandHandler.super.resume(id);
        }
        Promise promise = kept.get(); // and stays until the next one, so that this can be said again after a power cut
        String kernelBoot = Promise.kernelBoot(machine.bootId());
        if (kernelBoot.equals(promise.kernelBoot())) {
            String cause = "the gateway's process ended and was started again, but not the machine's kernel";
            failed(promise.reason(), cause);
            return Outcome.failed("not-rebooted", cause);
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("reason", promise.reason());
        result.put("boot", device.boot());
        Duration took = Duration.between(promise.at(), machine.clock().instant());
        if (!took.isNegative()) { // as where the clock was lost and not set yet
            result.put("took", took.toMillis() / 1000.0);
        }
        result.put("kernelBoot", kernelBoot);
        Map<String, Object> event = new LinkedHashMap<>(result);
        event.put("state", "rebooted");
        outbox.event("reboot", event);
        return Outcome.done(result);
    }

    /** A restart that did not go yet does not go any more. One that goes ends this process. */
    @Deactivate
    synchronized void close() {
        isClosed = true;
        if (waiting != null) {
            waiting.interrupt();
        }
    }

    private synchronized boolean begin() {
        boolean isFirst = !isUnderWay;
        isUnderWay = true;
        return isFirst;
    }

    private synchronized void end() {
        isUnderWay = false;
    }

    /** Waits as long as was asked for, and says who minds then. */
    private Optional<String> waited(Invocation invocation, Departure departure) throws InterruptedException {
        String kernelBoot = Promise.kernelBoot(machine.bootId());
        new Promise(invocation.id(), kernelBoot, machine.clock().instant(), departure.reason()).keep(store);
        boolean mayGo = false;
        try {
            beginWaiting();
            invocation.progress(0, "rebooting in " + departure.delay().toSeconds() + " s");
            Thread.sleep(departure.delay().toMillis());
            Optional<String> inhibited = machine.inhibitors().reason();
            mayGo = inhibited.isEmpty();
            return inhibited;
        } finally {
            endWaiting();
            if (!mayGo) {
                Promise.forget(store);
            }
        }
    }

    private synchronized void beginWaiting() throws InterruptedException {
        if (isClosed) {
            throw new InterruptedException("the bundle was stopped");
        }
        waiting = Thread.currentThread();
    }

    private synchronized void endWaiting() {
        waiting = null;
    }

    private Outcome inhibitedMeanwhile(String reason, String inhibited) {
        String cause = "not now: " + inhibited + "; that began after the reboot was asked for";
        failed(reason, cause);
        return Outcome.failed("inhibited", cause);
    }

    private Outcome go(String reason) throws InterruptedException {
        LOG.log(Level.WARNING, "rebooting by command: {0}", reason);
        outbox.event("reboot", Map.of("state", "rebooting", "reason", reason));
        String cause;
        Optional<String> complaint = new Exit(List.of(config.rebootCommand())).take();
        if (complaint.isPresent()) {
            cause = complaint.get();
        } else {
            Thread.sleep(machine.longestEnd().toMillis()); // what is kept stays when this is interrupted: it goes
            cause = config.rebootCommand()[0] + " ended well, but "
                    + machine.longestEnd().toSeconds() + " s later the machine is still up";
        }
        Promise.forget(store);
        failed(reason, cause);
        return Outcome.failed(complaint.isPresent() ? "reboot-failed" : "not-rebooted", cause);
    }

    private void failed(String reason, String cause) {
        LOG.log(Level.ERROR, "reboot failed: {0}", cause);
        outbox.event("reboot", Map.of("state", "failed", "reason", reason, "cause", cause));
    }
}
