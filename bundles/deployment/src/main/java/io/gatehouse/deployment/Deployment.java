package io.gatehouse.deployment;

import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.api.desired.DesiredResource;
import io.gatehouse.api.message.Outbox;
import io.gatehouse.protocol.BundleState;
import io.gatehouse.software.ChangeWatcher;
import io.gatehouse.software.Complaint;
import io.gatehouse.software.Proof;
import io.gatehouse.software.Software;
import io.gatehouse.software.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.resolver.Resolver;

/** The resource {@code feature}: tells the reconciler what is wanted, with {@link ConfigurationWishes}, and how changes go. */
@Component(
        service = {Deployment.class, DesiredResource.class, ChangeWatcher.class},
        immediate = true,
        configurationPid = "io.gatehouse.deployment",
        property = "gatehouse.resource=feature")
public final class Deployment implements DesiredResource, ChangeWatcher {
    private static final Duration AGAIN = Duration.ofSeconds(5);
    private static final long STACK_BYTES = 512 * 1024;
    private static final long CLOSE_MILLIS = 2000;

    private final Software software;
    private final Signals signals;
    private final Granted granted;
    private final Licenses licenses;
    private final Preparation preparation;
    private final Reconciler reconciler;
    private final Rehearsal rehearsal;
    private final Thread thread;
    private final FleetTrust trust;
    private Optional<List<Desired>> features = Optional.empty();
    private Optional<List<Desired>> configurations = Optional.empty();

    /** What can be set. */
    @interface Settings {
        /** How long nothing new may be wanted before a change begins; ISO 8601. */
        String quiet() default "PT0.5S";

        /** How long a change may take from its first touch to its proof; ISO 8601. */
        String deadline() default "PT60S";

        /** Whether a change may restart bundles that it does not change. */
        boolean mayRestart() default true;
    }

    @Activate
    public Deployment(
            BundleContext context,
            Settings settings,
            @Reference Software software,
            @Reference Shelf shelf,
            @Reference Outbox outbox,
            @Reference Resolver resolver,
            @Reference FleetTrust trust) {
        Policy policy = new Policy(
                Duration.parse(settings.quiet()), Duration.parse(settings.deadline()), settings.mayRestart(), AGAIN);
        this.software = software;
        this.signals = new Signals(policy.quiet());
        this.granted = new Granted(context, () -> signals.again(false));
        this.licenses = new Licenses(granted, software, shelf, new Dependence(context, software, shelf));
        this.preparation = new Preparation(
                software, shelf, licenses, new Resolving(context, resolver), new Provenance(trust::document), policy);
        Reports reports = new Reports(outbox, software, name -> state(context, name), new Progress(System::nanoTime));
        this.rehearsal = new Rehearsal(software, preparation, signals);
        this.reconciler = new Reconciler(
                software, preparation, licenses, reports, touched -> path(context, touched), policy, signals);
        this.thread = new Thread(null, reconciler::run, "gatehouse-deployment", STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
        this.trust = trust;
        trust.watch(reconciler::trustChanged);
    }

    @Deactivate
    void close() throws InterruptedException {
        trust.watch(() -> {});
        reconciler.close();
        thread.interrupt();
        thread.join(CLOSE_MILLIS);
        granted.close();
    }

    @Override
    public synchronized void desired(List<Desired> all) {
        features = Optional.of(List.copyOf(all));
        wanted();
    }

    /** What the fleet wants of single PIDs, all of it. */
    synchronized void configurations(List<Desired> all) {
        configurations = Optional.of(List.copyOf(all));
        wanted();
    }

    /** Both together are one change; before both are known, what is unknown would look as if it were not wanted any more. */
    private void wanted() {
        if (features.isPresent() && configurations.isPresent()) {
            List<Desired> all = new ArrayList<>(features.get());
            all.addAll(configurations.get());
            reconciler.desired(all);
        }
    }

    @Override
    public void begins(Step step) {
        reconciler.begins(step);
    }

    @Override
    public void ended(Verdict verdict) {
        reconciler.ended(verdict);
    }

    Outcome plan(Map<String, ?> feature, Optional<Desired.Signature> asked, Preparation.Watch watch)
            throws InterruptedException {
        return rehearsal.plan(feature, asked, watch);
    }

    /** Tries again what failed; whether there is anything to try. */
    boolean retry() {
        boolean isOpen = signals.latest()
                .filter(all ->
                        !licenses.aim(all).target().equals(software.document().desired()))
                .isPresent();
        if (isOpen) {
            reconciler.retry();
        }
        return isOpen;
    }

    /**
     * Forgets the artifacts that no feature needs: neither one that runs, nor one that the launcher falls back to, nor one that waits
     * for its license.
     */
    public void forgetOthers() throws IOException {
        preparation.forgetOthers();
    }

    /** Asks the proof of the way to the broker, where there is one. */
    private static List<Complaint> path(BundleContext context, Set<String> touched) throws InterruptedException {
        Collection<ServiceReference<Proof>> proofs;
        try {
            proofs = context.getServiceReferences(Proof.class, "(gatehouse.proof=path)");
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        for (ServiceReference<Proof> reference : proofs) {
            Proof proof = context.getService(reference);
            if (proof != null) {
                try {
                    return proof.complaints(touched);
                } finally {
                    context.ungetService(reference);
                }
            }
        }
        return List.of();
    }

    private static String state(BundleContext context, String symbolicName) {
        for (Bundle bundle : context.getBundles()) {
            if (symbolicName.equals(bundle.getSymbolicName())) {
                return BundleState.of(bundle.getState()).word();
            }
        }
        return "absent";
    }
}
