package io.gatehouse.telemetry;

import io.gatehouse.api.message.Outbox;
import io.gatehouse.api.telemetry.Collector;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Finds the collectors among the services, and has them run. */
@Component(
        service = {},
        immediate = true)
public final class Telemetry {
    private final BundleContext context;
    private final Rounds rounds;
    private final Map<ServiceReference<Collector>, Job> jobs = new HashMap<>();

    @Activate
    public Telemetry(BundleContext context, @Reference Accounts accounts, @Reference Clock clock) {
        this.context = context;
        this.rounds = new Rounds(accounts, Bounds.DEVICE, clock);
        rounds.start();
    }

    @Deactivate
    void close() {
        rounds.close();
    }

    /** Collectors stay while one outbox takes another's place: made anew, they would be read beside their old selves. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, unbind = "removeOutbox")
    void setOutbox(Outbox outbox) {
        rounds.open(outbox);
    }

    void removeOutbox(Outbox outbox) {
        rounds.shut(outbox);
    }

    /** Takes the reference, not the service: a collector is made on a worker, where it can do no harm. */
    @Reference(
            service = Collector.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            unbind = "removeCollector",
            updated = "updateCollector")
    synchronized void addCollector(ServiceReference<Collector> reference) {
        add(reference, new ServiceSource(context, reference));
    }

    synchronized void updateCollector(ServiceReference<Collector> reference) {
        Job job = jobs.remove(reference);
        if (job == null) {
            addCollector(reference);
            return;
        }
        rounds.remove(job);
        if (!add(reference, job.source)) {
            rounds.release(job);
        }
    }

    synchronized void removeCollector(ServiceReference<Collector> reference) {
        Job job = jobs.remove(reference);
        if (job != null) {
            rounds.remove(job);
            rounds.release(job);
        }
    }

    /** Has a collector run; false where its properties, or its bundle's manifest, do not allow that. */
    private boolean add(ServiceReference<Collector> reference, Source source) {
        Owner owner = owner(reference.getBundle());
        String name = CollectorName.of(reference::getProperty);
        try {
            Settings settings = Settings.read(reference::getProperty);
            new DeclaredTopics(reference.getBundle()).check(settings.topic());
            Job job = new Job(name, owner, settings, source, () -> ThreadLocalRandom.current()
                    .nextDouble());
            jobs.put(reference, job);
            rounds.add(job);
            return true;
        } catch (IllegalArgumentException e) {
            rounds.refuse(name, owner, String.valueOf(e.getMessage()));
            return false;
        }
    }

    private static Owner owner(@Nullable Bundle bundle) {
        return bundle == null
                ? new Owner(-1, "uninstalled", "0", 0)
                : new Owner(
                        bundle.getBundleId(),
                        String.valueOf(bundle.getSymbolicName()),
                        bundle.getVersion().toString(),
                        bundle.getLastModified());
    }
}
