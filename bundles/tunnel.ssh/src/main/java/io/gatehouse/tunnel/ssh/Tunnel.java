package io.gatehouse.tunnel.ssh;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.gatehouse.protocol.Times;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One tunnel, from its opening to its end, over as many links as it takes. */
final class Tunnel {
    private static final Logger LOG = System.getLogger(Tunnel.class.getName());

    /** So often a relay may refuse the port that there was; then another does, where the relay had chosen that one. */
    private static final int SAME_PORT_ATTEMPTS = 5;

    /** How often it is looked after, in milliseconds. */
    private static final long PERIOD = 500;

    private final String id;
    private final Order order;
    private final Audit.Origin origin;
    private final Place place;
    private final Means means;
    private final Traffic traffic;
    private final Instant opened;
    private final long begun;
    private final Thread thread;
    private final Object change = new Object();

    private @Nullable Link link;
    private @Nullable String ending;
    private int listen;
    private boolean isFinished;

    /** When the last link was lost; counts while there is none. */
    private long lostAt;

    /** Where it leads, and as whom: looked up once, so that no name leads anywhere else later. */
    record Place(InetSocketAddress target, KeyPair identity, Ssh.Used ssh) {}

    /**
     * A tunnel that is not open yet.
     *
     * @param ended is run once it is over and told, by its thread
     */
    Tunnel(String id, Order order, Audit.Origin origin, Place place, Means means, Runnable ended) {
        this.id = id;
        this.order = order;
        this.origin = origin;
        this.place = place;
        this.means = means;
        this.traffic = new Traffic(means.nanoTime());
        this.opened = means.clock().instant();
        this.begun = means.nanoTime().getAsLong();
        this.listen = order.listen();
        this.thread = new Thread(() -> run(ended), "tunnel-" + id);
        thread.setDaemon(true);
    }

    String id() {
        return id;
    }

    HostPort target() {
        return order.target();
    }

    /** Opens the first link, on the caller's thread. */
    void connect(Link.Progress progress) throws Stopped, InterruptedException, IOException {
        hold(open(listen, progress));
    }

    /** Goes on by itself, and says so. */
    void start() {
        thread.start();
    }

    /** Closes what was opened and is not to go on. */
    void abandon() {
        link().ifPresent(Link::end);
    }

    private Link open(int port, Link.Progress progress) throws Stopped, InterruptedException, IOException {
        Link.Way way = new Link.Way(
                place.ssh().client(),
                order.relay(),
                order.user(),
                place.identity(),
                means.limits().heartbeat().patience());
        Pump pump = new Pump(means.bounds());
        Forward forward = new Forward(
                new Forward.Granted(),
                place.target(),
                pump,
                traffic,
                means.bounds(),
                means.limits().connections(),
                means.limits().heartbeat().patience());
        Link opening = null;
        try {
            opening = Link.open(way, means.relays().pinned(order.relay(), order.hostKey()), port, forward, progress);
            return opening;
        } finally {
            if (opening == null) {
                pump.close();
            }
        }
    }

    private void hold(Link opening) {
        synchronized (change) {
            link = opening;
            listen = opening.port();
            if (ending != null) {
                opening.close();
            }
        }
    }

    private void run(Runnable ended) {
        Future<?> watching = null;
        try {
            watching = place.ssh().timer().scheduleWithFixedDelay(this::look, PERIOD, PERIOD, MILLISECONDS);
            traffic.touch();
            tell("opened", Optional.empty());
            for (Optional<Link> now = link(); now.isPresent(); now = comeBack()) {
                carry(now.get());
            }
        } finally {
            if (watching != null) {
                watching.cancel(false);
            }
            link().ifPresent(Link::end);
            try {
                finish();
            } finally {
                ended.run();
            }
        }
    }

    private void carry(Link now) {
        String reason = "the relay closed the connection";
        try {
            now.carry();
        } catch (IOException | RuntimeException e) { // also what MINA throws: the link is given up, not the tunnel
            LOG.log(Level.WARNING, "a link of tunnel " + id + " broke", e);
            reason = String.valueOf(e.getMessage());
        }
        now.end();
        synchronized (change) {
            link = null;
            lostAt = means.nanoTime().getAsLong();
        }
        if (!isEnding()) {
            tell("lost", Optional.of(now.silent().orElse(reason)));
        }
    }

    /** Tries again and again, with growing pauses; nothing where it is over. */
    private Optional<Link> comeBack() {
        int refused = 0;
        for (int attempt = 0; pause(means.backoff().before(attempt)); attempt++) {
            try {
                boolean isAnyPort = order.listen() == 0 && refused >= SAME_PORT_ATTEMPTS;
                hold(open(isAnyPort ? 0 : listen, (ratio, note) -> {}));
                traffic.touch();
                if (!isEnding()) {
                    tell("returned", Optional.empty());
                }
                return link();
            } catch (Stopped e) {
                refused += e.type().equals("forward-refused") ? 1 : 0;
                LOG.log(Level.INFO, "tunnel {0} does not come back yet: {1}", id, e.detail());
            } catch (IOException | RuntimeException e) { // also what MINA throws, of which a later attempt may be free
                LOG.log(Level.WARNING, "tunnel " + id + " does not come back yet", e);
            } catch (InterruptedException e) {
                LOG.log(Level.DEBUG, "tunnel {0} ends while it comes back", id);
            }
        }
        return Optional.empty();
    }

    /** Waits; false where it is over. */
    private boolean pause(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        synchronized (change) {
            try {
                for (long left = time.toNanos(); left > 0 && ending == null; left = until - System.nanoTime()) {
                    TimeUnit.NANOSECONDS.timedWait(change, left);
                }
            } catch (InterruptedException e) {
                LOG.log(Level.DEBUG, "tunnel {0} ends", id);
            }
            return ending == null;
        }
    }

    private Optional<Link> link() {
        synchronized (change) {
            return Optional.ofNullable(link);
        }
    }

    private boolean isEnding() {
        synchronized (change) {
            return ending != null;
        }
    }

    /** Called by the timer, which would never call again what threw. */
    private void look() {
        try {
            watch();
        } catch (RuntimeException e) { // also of MINA: the next look may be free of it, and a life has to end
            LOG.log(Level.WARNING, "tunnel " + id + " was not looked after once", e);
        }
    }

    /** Looks after its ends and its relay. Does not wait. */
    private void watch() {
        long time = means.nanoTime().getAsLong();
        if (time - begun >= order.lives().ttl().toNanos()) {
            end("ttl");
            return;
        }
        Optional<Link> now = link();
        if (now.isEmpty()) {
            endIfLost(time);
        } else if (traffic.silence() >= order.lives().idle().toNanos()) {
            end("idle");
        } else {
            now.get().watch(means.limits().heartbeat().keepalive());
        }
    }

    private void endIfLost(long time) {
        boolean isLost;
        synchronized (change) {
            isLost = link == null && time - lostAt >= order.lives().lost().toNanos();
        }
        if (isLost) {
            end("lost");
        }
    }

    /** Ends it, if it has not ended; does not wait. */
    void end(String reason) {
        synchronized (change) {
            if (ending == null) {
                ending = reason;
                change.notifyAll();
                if (link != null) {
                    link.close();
                }
                thread.interrupt();
            }
        }
    }

    /** Waits until it is over and told, as long as that may take; ends and tells it in any case. */
    void awaitEnd(Duration patience) throws InterruptedException {
        try {
            thread.join(patience.toMillis());
        } finally {
            finish();
        }
    }

    private void finish() {
        String reason;
        synchronized (change) {
            if (isFinished) {
                return;
            }
            isFinished = true;
            ending = ending == null ? "broken" : ending;
            reason = ending;
        }
        if (Thread.currentThread() == thread && Thread.interrupted()) { // by end(), which does it once
            LOG.log(Level.DEBUG, "tunnel {0} was ended", id);
        }
        tell("closed", Optional.of(reason));
    }

    private void tell(String state, Optional<String> reason) {
        means.audit().tell(state, id, order, origin, traffic, reason);
    }

    /** What is answered when it is open. */
    Map<String, Object> answer() {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("id", id);
        answer.put("relay", order.relay().toString());
        synchronized (change) {
            answer.put("listen", listen);
        }
        answer.put("target", order.target().toString());
        answer.put("until", Times.format(opened.plus(order.lives().ttl())));
        return answer;
    }

    /** What went through. */
    Map<String, Object> sum() {
        return Map.of("id", id, "received", traffic.received(), "sent", traffic.sent());
    }

    /** What {@code tunnel.list} says of it. */
    Map<String, Object> describe() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("id", id);
        members.put("relay", order.relay().toString());
        synchronized (change) {
            members.put("listen", listen);
            members.put("target", order.target().toString());
            members.put("state", link == null ? "lost" : "open");
        }
        members.put("opened", Times.format(opened));
        members.put("until", Times.format(opened.plus(order.lives().ttl())));
        members.put("connections", traffic.connections());
        members.put("received", traffic.received());
        members.put("sent", traffic.sent());
        origin.by().ifPresent(by -> members.put("by", by));
        return members;
    }
}
