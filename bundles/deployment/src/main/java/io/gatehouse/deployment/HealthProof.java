package io.gatehouse.deployment;

import io.gatehouse.software.Complaint;
import io.gatehouse.software.Proof;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Complains of health checks of the touched bundles that are not green, or do not answer in time. */
@Component(property = "gatehouse.proof=health")
public final class HealthProof implements Proof {
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private final BundleContext context;
    private final Duration deadline;
    private final Map<ServiceReference<HealthCheck>, Thread> hanging = new HashMap<>();

    @Activate
    public HealthProof(BundleContext context) {
        this(context, DEADLINE);
    }

    HealthProof(BundleContext context, Duration deadline) {
        this.context = context;
        this.deadline = deadline;
    }

    @Override
    public synchronized List<Complaint> complaints(Set<String> touched) throws InterruptedException {
        hanging.values().removeIf(thread -> !thread.isAlive());
        List<Complaint> complaints = new ArrayList<>();
        for (ServiceReference<HealthCheck> reference : checks()) {
            String bundle =
                    reference.getBundle() == null ? "" : reference.getBundle().getSymbolicName();
            if (isTouched(bundle, touched)) {
                check(reference, "health check " + name(reference) + " of " + bundle, complaints);
            }
        }
        return complaints;
    }

    /** A PID begins with the symbolic name of the bundle that it configures. */
    private static boolean isTouched(String bundle, Set<String> touched) {
        return touched.stream()
                .anyMatch(
                        name -> name.equals(bundle) || name.startsWith(bundle + ".") || name.startsWith(bundle + "~"));
    }

    /** Runs the check on a thread of its own: it is another's code, and may never come back. */
    private void check(ServiceReference<HealthCheck> reference, String name, List<Complaint> complaints)
            throws InterruptedException {
        Run run = new Run(reference);
        if (!hanging.containsKey(reference)) {
            Thread thread = new Thread(run, "gatehouse-health");
            thread.setDaemon(true);
            thread.start();
            thread.join(deadline.toMillis());
            if (thread.isAlive()) {
                thread.interrupt();
                hanging.put(reference, thread);
            }
        }
        String trouble = hanging.containsKey(reference) ? "did not answer within " + deadline : run.trouble;
        if (!trouble.isEmpty()) {
            complaints.add(new Complaint(name + " " + trouble, run.isPassing));
        }
    }

    private Collection<ServiceReference<HealthCheck>> checks() {
        try {
            return context.getServiceReferences(HealthCheck.class, null);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String name(ServiceReference<HealthCheck> reference) {
        Object name = reference.getProperty(HealthCheck.NAME);
        return String.valueOf(name == null ? reference.getProperty("component.name") : name);
    }

    private final class Run implements Runnable {
        private final ServiceReference<HealthCheck> reference;
        private volatile String trouble = "";
        private volatile boolean isPassing;

        Run(ServiceReference<HealthCheck> reference) {
            this.reference = reference;
        }

        @Override
        public void run() {
            HealthCheck check = context.getService(reference);
            if (check == null) {
                trouble = "went away";
                return;
            }
            try {
                Result result = check.execute();
                isPassing = result.getStatus() == Result.Status.TEMPORARILY_UNAVAILABLE;
                boolean isGreen = result.getStatus() == Result.Status.OK || result.getStatus() == Result.Status.WARN;
                trouble = isGreen ? "" : "says " + result.getStatus() + ": " + messages(result);
            } catch (RuntimeException | Error e) {
                // Another bundle's code: whatever it throws is its answer.
                trouble = "failed: " + e;
            } finally {
                context.ungetService(reference);
            }
        }

        private String messages(Result result) {
            List<String> messages = new ArrayList<>();
            result.forEach(entry -> {
                if (entry.getStatus() != Result.Status.OK) {
                    messages.add(entry.getMessage());
                }
            });
            return String.join(", ", messages);
        }
    }
}
