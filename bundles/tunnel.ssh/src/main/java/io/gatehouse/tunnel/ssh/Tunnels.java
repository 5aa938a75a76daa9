package io.gatehouse.tunnel.ssh;

import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.api.device.Device;
import io.gatehouse.api.message.Outbox;
import io.gatehouse.api.store.Store;
import io.gatehouse.api.tunnel.TunnelTarget;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** The tunnels of this device, and where they may lead. Whatever ends this ends them all. */
@Component(service = Tunnels.class, configurationPid = Limits.PID)
public final class Tunnels {
    private static final Logger LOG = System.getLogger(Tunnels.class.getName());
    private static final Duration END_PATIENCE = Duration.ofSeconds(5);
    private static final long MOST_WINDOW = 1 << 20;

    /** As much again as the connections of two tunnels have without it. */
    private static final long RESERVE_BYTES = 2 << 20;

    private static final int ID_BYTES = 6;

    private final Means means;
    private final Optional<String> fault;
    private final SshIdentity key;
    private final Stay stay;
    private final SecureRandom random;
    private final Ssh ssh;
    private final Map<TunnelTarget, HostPort> doors = new HashMap<>();
    private final Map<String, Tunnel> tunnels = new LinkedHashMap<>();
    private final Set<Thread> opening = new LinkedHashSet<>();
    private boolean isClosed;

    @Activate
    public Tunnels(
            Settings settings,
            @Reference Device device,
            @Reference Store store,
            @Reference Outbox outbox,
            @Reference FleetRelays relays,
            BundleContext context) {
        this(
                Configured.of(settings),
                limits -> means(limits, outbox, relays, Backoff.withJitter(new SecureRandom())),
                new SshIdentity(store, device.name(), new SecureRandom()),
                Stay.of(context));
    }

    Tunnels(Configured configured, Function<Limits, Means> means, SshIdentity key, Stay stay) {
        this(means.apply(configured.limits()), configured.fault(), key, stay);
    }

    private Tunnels(Means means, Optional<String> fault, SshIdentity key, Stay stay) {
        this.means = means;
        this.fault = fault;
        this.key = key;
        this.stay = stay;
        this.random = new SecureRandom();
        this.ssh = new Ssh(
                means.limits().heartbeat().patience(), window(means.limits().bandwidth()), means.nanoTime());
    }

    static Means means(Limits limits, Outbox outbox, FleetRelays relays, Backoff backoff) {
        Forward.Bounds bounds = new Forward.Bounds(
                new Pace(limits.bandwidth(), System::nanoTime),
                new Pace(limits.bandwidth(), System::nanoTime),
                new Reserve(RESERVE_BYTES));
        return new Means(limits, relays, new Audit(outbox), bounds, backoff, Clock.systemUTC(), System::nanoTime);
    }

    /** Where there is a limit, not much more than a second of it comes at once. */
    private static long window(long bandwidth) {
        return bandwidth == 0 ? MOST_WINDOW : Math.max(Lead.LEAST_BYTES, Math.min(MOST_WINDOW, bandwidth));
    }

    /** Opens a door to tunnels. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindTarget(TunnelTarget target) {
        InetSocketAddress address = target.address();
        if (address.getAddress() == null || !address.getAddress().isLoopbackAddress()) {
            LOG.log(Level.ERROR, "no tunnel leads to {0}, which is not of the loopback interface", address);
            return;
        }
        synchronized (this) {
            doors.put(target, HostPort.of(address));
        }
    }

    /** Closes a door, and what leads to it. */
    void unbindTarget(TunnelTarget target) {
        List<Tunnel> cut;
        synchronized (this) {
            doors.remove(target);
            cut = tunnels.values().stream()
                    .filter(tunnel -> !isPermitted(tunnel.target()))
                    .toList();
        }
        cut.forEach(tunnel -> tunnel.end("target-withdrawn"));
    }

    private synchronized boolean isPermitted(HostPort target) {
        return means.limits().targets().contains(target) || doors.containsValue(target);
    }

    /** The device's public key, as a line of {@code authorized_keys}. */
    String key() throws IOException {
        return key.line();
    }

    /** Opens one, as {@code tunnel.open} says. */
    Outcome open(Invocation invocation) throws IOException, InterruptedException {
        if (fault.isPresent()) {
            return Outcome.refused("bad-configuration", fault.get());
        }
        Order order = Order.read(invocation.arguments(), means.limits());
        KeyPair identity;
        try {
            check(order);
            KeyPair device = key.pair();
            identity = order.certificate().isPresent()
                    ? UserCertificate.identity(order.certificate().get(), device)
                    : device;
            reserve();
        } catch (Stopped e) {
            return Outcome.refused(e.type(), e.detail());
        }
        Ssh.Used used = ssh.use();
        Optional<Tunnel> tunnel = Optional.empty();
        try {
            tunnel = Optional.of(connect(order, identity, used, invocation));
            return Outcome.done(tunnel.get().answer());
        } catch (Stopped e) {
            return Outcome.failed(e.type(), e.detail());
        } finally {
            release();
            if (tunnel.isEmpty()) {
                ssh.giveBack();
            }
        }
    }

    private void check(Order order) throws Stopped {
        if (!isPermitted(order.target())) {
            throw forbidden(order);
        }
        means.relays().pinned(order.relay(), order.hostKey());
    }

    private Stopped forbidden(Order order) {
        return new Stopped(
                "forbidden-target",
                "no tunnel may lead to " + order.target() + "; configuration io.gatehouse.tunnel.ssh: targets has "
                        + means.limits().targets());
    }

    private synchronized void reserve() throws Stopped {
        if (isClosed) {
            throw stopped();
        }
        if (tunnels.size() + opening.size() >= means.limits().tunnels()) {
            throw new Stopped(
                    "too-many",
                    means.limits().tunnels() + " tunnels are open; configuration io.gatehouse.tunnel.ssh: tunnels; or"
                            + " tunnel.close one");
        }
        opening.add(Thread.currentThread());
    }

    private static Stopped stopped() {
        return new Stopped("stopped", "the bundle that opens tunnels is stopped or replaced; ask again");
    }

    private synchronized void release() {
        opening.remove(Thread.currentThread());
    }

    private Tunnel connect(Order order, KeyPair identity, Ssh.Used used, Invocation invocation)
            throws Stopped, IOException, InterruptedException {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        String name = HexFormat.of().formatHex(id);
        Audit.Origin origin =
                new Audit.Origin(invocation.id(), invocation.signature().map(Desired.Signature::kid));
        Tunnel tunnel = new Tunnel(
                name, order, origin, new Tunnel.Place(resolve(order), identity, used), means, () -> forget(name));
        boolean isGoingOn = false;
        try {
            tunnel.connect(invocation::progress);
            start(tunnel, order);
            isGoingOn = true;
            return tunnel;
        } finally {
            if (!isGoingOn) {
                tunnel.abandon();
            }
        }
    }

    /** Has it go on by itself; where that is not to be, or cannot be, nothing of it is left here. */
    private synchronized void start(Tunnel tunnel, Order order) throws Stopped {
        if (isClosed) {
            throw stopped();
        }
        if (!isPermitted(order.target())) {
            throw forbidden(order);
        }
        stay.begin();
        boolean isStarted = false;
        try {
            tunnels.put(tunnel.id(), tunnel);
            tunnel.start();
            isStarted = true;
        } finally {
            if (!isStarted) {
                tunnels.remove(tunnel.id());
                stay.end();
            }
        }
    }

    private static InetSocketAddress resolve(Order order) throws Stopped {
        try {
            return order.target().resolve();
        } catch (UnknownHostException e) {
            throw new Stopped("unknown-target", "cannot resolve the target " + order.target(), e);
        }
    }

    private void forget(String id) {
        synchronized (this) {
            tunnels.remove(id);
        }
        ssh.giveBack();
        stay.end(); // last: it may be what ends this
    }

    private synchronized List<Tunnel> all() {
        return new ArrayList<>(tunnels.values());
    }

    /** What {@code tunnel.list} answers. */
    Outcome list() {
        return Outcome.done(
                Map.of("tunnels", all().stream().map(Tunnel::describe).toList()));
    }

    /** Closes one, as {@code tunnel.close} says; it is over when this returns. */
    Outcome close(String id) throws InterruptedException {
        Optional<Tunnel> tunnel =
                all().stream().filter(each -> each.id().equals(id)).findFirst();
        if (tunnel.isEmpty()) {
            return Outcome.refused(
                    "unknown-tunnel", "there is no tunnel " + id + "; tunnel.list tells which there are");
        }
        tunnel.get().end("command");
        tunnel.get().awaitEnd(END_PATIENCE);
        return Outcome.done(tunnel.get().sum());
    }

    /** Ends all tunnels, also those that are about to open; when this returns that is told. */
    @Deactivate
    void stop() {
        List<Tunnel> last;
        synchronized (this) {
            isClosed = true;
            opening.forEach(Thread::interrupt);
            last = all();
        }
        last.forEach(tunnel -> tunnel.end("stopped"));
        for (Tunnel tunnel : last) {
            try {
                tunnel.awaitEnd(END_PATIENCE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // the next need not be waited for either, and is told nevertheless
            }
        }
    }
}
