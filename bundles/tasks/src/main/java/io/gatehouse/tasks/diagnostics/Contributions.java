package io.gatehouse.tasks.diagnostics;

import io.gatehouse.api.diagnostics.Diagnostic;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** What bundles contribute, each to its own folder. One that hung before is not asked again until that has ended. */
final class Contributions {
    private static final String NAME = "gatehouse.diagnostic";
    private static final Pattern FIT = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}");

    private final BundleContext context;
    private final Duration time;

    /** By service; guarded by this. */
    private final Map<ServiceReference<Diagnostic>, Contribution> hanging = new HashMap<>();

    /** Gives each so much time. */
    Contributions(BundleContext context, Duration time) {
        this.context = context;
        this.time = time;
    }

    List<ServiceReference<Diagnostic>> there() {
        try {
            return new ArrayList<>(context.getServiceReferences(Diagnostic.class, "(" + NAME + "=*)"));
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("the filter is right", e);
        }
    }

    void add(ServiceReference<Diagnostic> reference, Archive archive) throws IOException, InterruptedException {
        String bundle =
                reference.getBundle() == null ? "gone" : reference.getBundle().getSymbolicName();
        String name = String.valueOf(reference.getProperty(NAME));
        String file = "bundles/" + bundle + "/" + name;
        if (!FIT.matcher(name).matches()) {
            archive.problem(file, NAME + " must be a file's name of letters, digits and . _ -");
            return;
        }
        if (hangs(reference)) {
            archive.problem(file, "not asked: it hangs since it was asked before");
            return;
        }
        Diagnostic diagnostic = context.getService(reference);
        if (diagnostic == null) {
            archive.problem(file, "its bundle went, or cannot start it; see the device's log");
            return;
        }
        Contribution contribution = Contribution.begin(name, diagnostic);
        try {
            contribution.await(time);
        } finally {
            context.ungetService(reference);
            note(reference, contribution);
        }
        archive.add(file, contribution.text());
        contribution.problem().ifPresent(why -> archive.problem(file, why));
    }

    private synchronized boolean hangs(ServiceReference<Diagnostic> reference) {
        hanging.values().removeIf(contribution -> !contribution.hangs());
        return hanging.containsKey(reference);
    }

    private synchronized void note(ServiceReference<Diagnostic> reference, Contribution contribution) {
        if (contribution.hangs()) {
            hanging.put(reference, contribution);
        }
    }
}
