package io.gatehouse.deployment.slot;

import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.device.Device;
import io.gatehouse.api.device.Inhibitors;
import io.gatehouse.software.Complaint;
import io.gatehouse.software.RuntimeSlots;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

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

    private static final String NOT_RESET = "the gateway's process does not end; its next start is the reset";

    /** For the answer to leave. */
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    /** What the framework may take to stop. */
    private static final Duration LONGEST_END = Duration.ofMinutes(1);

    private final Inhibitors inhibitors;
    private final RuntimeSlots slots;
    private final Device device;
    private final Duration farewell;
    private final Duration longestEnd;

    @Activate
    public FactoryResetCommand(BundleContext context, @Reference RuntimeSlots slots, @Reference Device device) {
        this(Inhibitors.of(context, Inhibitors.COMMAND), slots, device, FAREWELL, LONGEST_END);
    }

    FactoryResetCommand(
            Inhibitors inhibitors, RuntimeSlots slots, Device device, Duration farewell, Duration longestEnd) {
        this.inhibitors = inhibitors;
        this.slots = slots;
        this.device = device;
        this.farewell = farewell;
        this.longestEnd = longestEnd;
    }

    @Override
    public Outcome handle(Invocation invocation) throws IOException, InterruptedException {
        boolean isKept = isKept(invocation.arguments());
        // a firmware on trial would be left without anybody who knows of that
        Optional<Outcome> refusal = inhibitors.refusal();
        if (refusal.isPresent()) {
            return refusal.get();
        }
        // on flash before anybody is told that it is done
        List<Complaint> passing = slots.askForReset(invocation.id(), isKept);
        if (!passing.isEmpty()) {
            return Outcome.refused("busy", passing.get(0).words() + "; ask again when that has ended");
        }
        return isKept ? leave() : sayFarewell();
    }

    @Override
    public Outcome resume(String id) throws IOException, InterruptedException {
        Optional<RuntimeSlots.Reset> last =
                slots.lastReset().filter(reset -> reset.command().equals(id));
        return last.isPresent() ? ended(last.get()) : CommandHandler.super.resume(id);
    }

    private Outcome ended(RuntimeSlots.Reset reset) {
        return reset.left().isEmpty()
                ? Outcome.done(Map.of(IDENTITY, KEEP, "boot", device.boot()))
                : Outcome.failed("not-whole", "what could not be deleted is left: " + String.join("; ", reset.left()));
    }

    private static boolean isKept(Members arguments) {
        String identity = arguments.string(IDENTITY);
        if (!identity.equals(KEEP) && !identity.equals(FORGET)) {
            throw arguments.wrong(
                    IDENTITY, identity, "keep, or forget, after which the device needs a new token where it had one");
        }
        return identity.equals(KEEP);
    }

    private Outcome leave() throws InterruptedException {
        try {
            slots.leaveForReset();
            Thread.sleep(longestEnd.toMillis()); // the process ends meanwhile
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, NOT_RESET, e);
        }
        return Outcome.failed("not-reset", NOT_RESET);
    }

    private Outcome sayFarewell() {
        Thread thread = new Thread(this::leaveLater, "gatehouse-factory-reset");
        thread.setDaemon(true);
        thread.start();
        return Outcome.done(Map.of(IDENTITY, FORGET));
    }

    private void leaveLater() {
        try {
            Thread.sleep(farewell.toMillis());
            slots.leaveForReset();
        } catch (IOException | InterruptedException e) {
            LOG.log(System.Logger.Level.ERROR, NOT_RESET, e);
        }
    }
}
