package io.gatehouse.tasks.machine;

import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.device.Inhibitor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** All who may say that the machine must not go down now. */
final class Inhibitors {
    private static final Logger LOG = System.getLogger(Inhibitors.class.getName());

    /** Those that mind when an operator asks: all but those that say that they mind something else. */
    private static final String COMMAND = "(|(!(gatehouse.inhibits=*))(gatehouse.inhibits=command))";

    private final Supplier<List<Inhibitor>> there;

    Inhibitors(Supplier<List<Inhibitor>> there) {
        this.there = there;
    }

    /** Those that are services when they are asked. */
    static Inhibitors of(BundleContext context) {
        return new Inhibitors(() -> {
            List<Inhibitor> inhibitors = new ArrayList<>();
            try {
                for (ServiceReference<Inhibitor> reference : context.getServiceReferences(Inhibitor.class, COMMAND)) {
                    inhibitors.add(() -> ask(context, reference));
                }
            } catch (InvalidSyntaxException e) {
                throw new IllegalStateException("not a filter: " + COMMAND, e);
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

    /** Why it must not go down now, of all who say so; empty where nobody minds. */
    String reasons() {
        List<String> reasons = new ArrayList<>();
        for (Inhibitor inhibitor : there.get()) {
            try {
                inhibitor.reason().ifPresent(reasons::add);
            } catch (RuntimeException e) { // somebody else's code; a restart may be what mends it
                LOG.log(Level.WARNING, "cannot ask " + inhibitor + " whether the machine may go down", e);
            }
        }
        return String.join("; ", reasons);
    }

    /** What to answer where somebody minds. */
    Optional<Outcome> refusal() {
        String reasons = reasons();
        return reasons.isEmpty()
                ? Optional.empty()
                : Optional.of(Outcome.refused("inhibited", "not now: " + reasons + "; ask again when that has ended"));
    }
}
