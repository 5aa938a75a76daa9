package io.gatehouse.api.device;

import io.gatehouse.api.command.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/**
 * All who may say that the machine must not go down now, as one: it minds while one of them does. One that throws is passed over, since a restart may be
 * what mends it.
 */
public final class Inhibitors implements Inhibitor {
    /** A restart that an operator asks for. */
    public static final String COMMAND = "command";

    /** A restart for a firmware that nobody waits for, and all that leads to it. */
    public static final String FIRMWARE = "firmware";

    private static final System.Logger LOG = System.getLogger(Inhibitors.class.getName());

    private final Supplier<List<Inhibitor>> there;

    /**
     * These.
     *
     * @param there looked up anew each time that it is asked
     */
    public Inhibitors(Supplier<List<Inhibitor>> there) {
        this.there = there;
    }

    /**
     * Those that are services when it is asked. None is held, or made, before.
     *
     * @param what {@link #COMMAND} or {@link #FIRMWARE}: all but those that say that they mind something else
     */
    public static Inhibitors of(BundleContext context, String what) {
        String minds = "(|(!(gatehouse.inhibits=*))(gatehouse.inhibits=" + what + "))";
        return new Inhibitors(() -> {
            List<Inhibitor> inhibitors = new ArrayList<>();
            try {
                for (ServiceReference<Inhibitor> reference : context.getServiceReferences(Inhibitor.class, minds)) {
                    inhibitors.add(() -> ask(context, reference));
                }
            } catch (InvalidSyntaxException e) {
                throw new IllegalStateException("not a filter: " + minds, e);
            }
            return inhibitors;
        });
    }

    private static Optional<String> ask(BundleContext context, ServiceReference<Inhibitor> reference) {
        Inhibitor inhibitor = context.getService(reference);
        try {
            return inhibitor == null ? Optional.empty() : inhibitor.reason();
        } finally {
            context.ungetService(reference);
        }
    }

    /** What is being done, of all who say so. */
    @Override
    public Optional<String> reason() {
        List<String> reasons = new ArrayList<>();
        for (Inhibitor inhibitor : there.get()) {
            try {
                inhibitor.reason().ifPresent(reasons::add);
            } catch (RuntimeException e) { // somebody else's code
                LOG.log(System.Logger.Level.WARNING, "cannot ask " + inhibitor + " whether the machine may go down", e);
            }
        }
        return reasons.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", reasons));
    }

    /** What to answer to a command where somebody minds. */
    public Optional<Outcome> refusal() {
        return reason().map(reasons ->
                Outcome.refused("inhibited", "not now: " + reasons + "; ask again when that has ended"));
    }
}
