package io.gatehouse.dispatch;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.device.Device;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outbox;
import io.gatehouse.api.message.Receiver;
import io.gatehouse.protocol.Json;
import io.gatehouse.software.Complaint;
import io.gatehouse.software.Proof;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Proves that the device can still be managed: a message goes to the broker and comes back, by the very way that commands and
 * desired state take.
 */
@Component(
        service = {Proof.class, Receiver.class},
        property = {"gatehouse.proof=path", "gatehouse.receives=" + Dispatcher.SELF})
public final class PathProof implements Proof, Receiver {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Device device;
    private final Outbox outbox;
    private final Supplier<Set<String>> managementPath;
    private final Duration patience;
    private final Clock clock;
    private final RandomGenerator random;
    private volatile @Nullable Journey journey;

    private record Journey(String nonce, CountDownLatch back) {}

    @Activate
    public PathProof(
            @Reference Device device, @Reference Outbox outbox, @Reference Clock clock, BundleContext context) {
        this(device, outbox, new ManagementPath(context)::symbolicNames, PATIENCE, clock, new SplittableRandom());
    }

    PathProof(
            Device device,
            Outbox outbox,
            Supplier<Set<String>> managementPath,
            Duration patience,
            Clock clock,
            RandomGenerator random) {
        this.device = device;
        this.outbox = outbox;
        this.managementPath = managementPath;
        this.patience = patience;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public synchronized List<Complaint> complaints(Set<String> touched) throws InterruptedException {
        if (!meetsManagementPath(touched)) {
            return List.of();
        }
        Journey now = new Journey(device.boot() + "-" + Long.toHexString(random.nextLong()), new CountDownLatch(1));
        journey = now;
        outbox.send(Message.json(device.name() + "/" + Dispatcher.SELF, Json.write(Map.of("nonce", now.nonce())))
                .expiring(patience.plusSeconds(1)));
        boolean back = now.back().await(patience.toMillis(), TimeUnit.MILLISECONDS);
        // With the time, so that no earlier silence excuses this one.
        return back
                ? List.of()
                : List.of(Complaint.passing("no message came back from the broker by " + clock.instant()
                        + ": the device could no longer be managed"));
    }

    /** A PID begins with the symbolic name of the bundle that it configures. */
    private boolean meetsManagementPath(Set<String> touched) {
        Set<String> path = managementPath.get();
        return touched.stream().anyMatch(name -> path.stream()
                .anyMatch(part -> name.equals(part) || name.startsWith(part + ".") || name.startsWith(part + "~")));
    }

    @Override
    public void receive(Message message) {
        Journey awaited = journey;
        try {
            if (awaited != null && Json.read(message.payload()).string("nonce").equals(awaited.nonce())) {
                awaited.back().countDown();
            }
        } catch (BadArgument e) {
            return; // anybody can publish here; what we await is well-formed
        }
    }
}
