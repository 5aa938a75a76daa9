package io.gatehouse.deployment.slot;

import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.device.Device;
import io.gatehouse.api.device.Inhibitor;
import io.gatehouse.api.store.Store;
import io.gatehouse.software.Complaint;
import io.gatehouse.software.RuntimeSlots;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * {@code factory.reset}: takes the gateway back to what its image brought. One that stays who it is answers when it is back: {@link #handle} ends with the
 * process, and {@link #resume} says in the next that it is done. One that does not has nobody left to answer then, and answers before it goes.
 */
@Component
@Command("factory.reset")
public final class FactoryResetCommand implements CommandHandler {
    private static final System.Logger LOG = System.getLogger(FactoryResetCommand.class.getName());
    private static final String IDENTITY = "identity";
    private static final String KEEP = "keep";
    private static final String FORGET = "forget";

    /** Where the id of the last one is kept. */
    private static final String KEY = "factory-reset";

    /** For the answer to leave. */
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    /** What the framework may take to stop. */
    private static final Duration LONGEST_END = Duration.ofMinutes(1);

    private final RuntimeSlots slots;
    private final Store store;
    private final Device device;
    private final Duration farewell;
    private final Duration longestEnd;

    /** Who minds that the machine goes down. */
    @Reference(
            target = "(|(!(gatehouse.inhibits=*))(gatehouse.inhibits=command))",
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    volatile List<Inhibitor> inhibitors = List.of();

    @Activate
    public FactoryResetCommand(@Reference RuntimeSlots slots, @Reference Store store, @Reference Device device) {
        this(slots, store, device, FAREWELL, LONGEST_END);
    }

    FactoryResetCommand(RuntimeSlots slots, Store store, Device device, Duration farewell, Duration longestEnd) {
        this.slots = slots;
        this.store = store;
        this.device = device;
        this.farewell = farewell;
        this.longestEnd = longestEnd;
    }

    @Override
    public Outcome handle(Invocation invocation) throws IOException, InterruptedException {
        boolean isKept = isKept(invocation.arguments());
        // a firmware on trial would be left without anybody who knows of that
        String reasons = inhibitors.stream()
                .flatMap(inhibitor -> inhibitor.reason().stream())
                .collect(Collectors.joining("; "));
        if (!reasons.isEmpty()) {
            return Outcome.refused("inhibited", "not now: " + reasons + "; ask again when that has ended");
        }
        return isKept ? keep(invocation.id()) : forget();
    }

    @Override
    public Outcome resume(String id) throws IOException, InterruptedException {
        boolean isLast = store.get(KEY)
                .map(kept -> new String(kept, StandardCharsets.UTF_8))
                .filter(id::equals)
                .isPresent();
        return isLast ? Outcome.done(Map.of(IDENTITY, KEEP, "boot", device.boot())) : CommandHandler.super.resume(id);
    }

    private static boolean isKept(Members arguments) {
        String identity = arguments.string(IDENTITY);
        if (!identity.equals(KEEP) && !identity.equals(FORGET)) {
            throw arguments.wrong(
                    IDENTITY, identity, "keep, or forget, after which the device needs a new token where it had one");
        }
        return identity.equals(KEEP);
    }

    private Outcome keep(String id) throws IOException, InterruptedException {
        store.put(KEY, id.getBytes(StandardCharsets.UTF_8));
        store.sync(); // before it can be asked for in the next process
        boolean isGoing = false;
        try {
            List<Complaint> passing = slots.reset(true);
            if (!passing.isEmpty()) {
                return Outcome.refused("busy", passing.get(0).words() + "; ask again when that has ended");
            }
            isGoing = true;
        } finally {
            if (!isGoing) {
                store.remove(KEY);
            }
        }
        Thread.sleep(longestEnd.toMillis()); // the process ends meanwhile
        return Outcome.failed("not-reset", "the gateway's process does not end; its next start is the reset");
    }

    private Outcome forget() {
        Thread thread = new Thread(this::leave, "gatehouse-factory-reset");
        thread.setDaemon(true);
        thread.start();
        return Outcome.done(Map.of(IDENTITY, FORGET));
    }

    private void leave() {
        try {
            Thread.sleep(farewell.toMillis());
            List<Complaint> passing = slots.reset(false);
            while (!passing.isEmpty()) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "the factory reset waits: {0}",
                        passing.get(0).words());
                Thread.sleep(farewell.toMillis());
                passing = slots.reset(false);
            }
        } catch (IOException | InterruptedException e) {
            LOG.log(System.Logger.Level.ERROR, "there was no factory reset", e);
        }
    }
}
