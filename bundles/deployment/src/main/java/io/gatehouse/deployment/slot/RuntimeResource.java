package io.gatehouse.deployment.slot;

import io.gatehouse.api.artifact.Artifacts;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.api.desired.DesiredResource;
import io.gatehouse.api.message.Outbox;
import io.gatehouse.deployment.Deployment;
import io.gatehouse.deployment.Progress;
import io.gatehouse.software.RuntimeSlots;
import io.gatehouse.software.SlotRefused;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** The resource {@code runtime}. What is wanted last is what is worked at; there is a thread only while there is work. */
@Component(
        service = {RuntimeResource.class, DesiredResource.class},
        property = "gatehouse.resource=runtime")
public final class RuntimeResource implements DesiredResource {
    private static final System.Logger LOG = System.getLogger(RuntimeResource.class.getName());
    private static final Duration QUIET = Duration.ofMillis(500);
    private static final Duration AGAIN = Duration.ofSeconds(5);
    private static final long STACK_BYTES = 512 * 1024;

    private final RuntimeSlots slots;
    private final Reconciliation reconciliation;
    private final Duration quiet;
    private final ThreadPoolExecutor worker =
            new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), RuntimeResource::thread);
    private @Nullable Future<?> work;
    private @Nullable List<Desired> latest;

    @Activate
    public RuntimeResource(
            @Reference RuntimeSlots slots,
            @Reference Artifacts artifacts,
            @Reference Outbox outbox,
            @Reference Deployment deployment) {
        this(
                slots,
                new Reconciliation(
                        slots,
                        artifacts,
                        new RuntimeReports(outbox, slots, new Progress(System::nanoTime)),
                        deployment::forgetOthers,
                        AGAIN),
                QUIET);
    }

    RuntimeResource(RuntimeSlots slots, Reconciliation reconciliation, Duration quiet) {
        this.slots = slots;
        this.reconciliation = reconciliation;
        this.quiet = quiet;
    }

    @Deactivate
    void close() {
        worker.shutdownNow();
    }

    @Override
    public synchronized void desired(List<Desired> all) {
        latest = List.copyOf(all);
        begin(latest, false);
    }

    /** Tries again what was left, refused or failed; whether there is anything to try. */
    synchronized boolean retry() {
        List<Desired> all = latest;
        if (all == null || isSo(all)) {
            return false;
        }
        begin(all, true);
        return true;
    }

    private boolean isSo(List<Desired> all) {
        try {
            return Wanted.of(all).is(slots.running());
        } catch (SlotRefused e) {
            return false;
        }
    }

    private void begin(List<Desired> all, boolean forced) {
        Future<?> before = work;
        if (before != null) {
            before.cancel(true);
        }
        work = worker.submit(() -> work(all, forced));
    }

    private void work(List<Desired> all, boolean forced) {
        try {
            Thread.sleep(quiet.toMillis());
            reconciliation.reconcile(all, forced);
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.DEBUG, "something newer is wanted, or this is closed", e);
        } catch (RuntimeException | LinkageError e) {
            // from the launcher or another bundle's service: the next wish must find this thread
            LOG.log(System.Logger.Level.ERROR, "no other runtime was started", e);
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(null, work, "gatehouse-runtime", STACK_BYTES);
        thread.setDaemon(true);
        return thread;
    }
}
