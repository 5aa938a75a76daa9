package io.gatehouse.identity;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.device.Device;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outbox;
import io.gatehouse.api.message.Receiver;
import io.gatehouse.protocol.Times;
import io.gatehouse.protocol.enrollment.ClaimRequest;
import io.gatehouse.protocol.enrollment.Token;
import io.gatehouse.protocol.trust.ClockFloor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Has the certificate replaced when two thirds of its life are over; at a moment of each device's own, so that a fleet that was
 * enrolled in an hour does not come all at once.
 */
@Component(property = "gatehouse.receives=claim/certificate", immediate = true)
public final class Renewal implements Receiver {
    private static final System.Logger LOG = System.getLogger(Renewal.class.getName());
    private static final Duration EXPIRY = Duration.ofSeconds(60);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(6);
    private static final Duration CLOCK_MAY_BE_SET = Duration.ofMinutes(1);
    private static final Duration CLOCK_MAY_JUMP = Duration.ofHours(1);
    /** Of a certificate's life: the first pause between two attempts, and the bounds of it. */
    private static final int PAUSE_SHARE = 100;

    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_FIRST_PAUSE = Duration.ofMinutes(5);
    /** When somebody is told that it does not succeed. */
    private static final List<Duration> WARNINGS = List.of(Duration.ofDays(30), Duration.ofDays(7), Duration.ofDays(1));

    private final Credentials credentials;
    private final Outbox outbox;
    private final Timer timer;
    private final String topic;
    /** From 0 to 1, each device's own. */
    private final double turn;

    // guarded by this
    private Runnable cancel = () -> {};
    private boolean ended;
    private @Nullable IssuedChain current;
    private Duration pause = SHORTEST_PAUSE;
    private Duration told = Duration.ofDays(Integer.MAX_VALUE);
    private String trouble = "";

    @Activate
    public Renewal(@Reference Credentials credentials, @Reference Outbox outbox, @Reference Device device) {
        this(credentials, outbox, device.name(), Timer.ofJava());
    }

    Renewal(Credentials credentials, Outbox outbox, String device, Timer timer) {
        this.credentials = credentials;
        this.outbox = outbox;
        this.timer = timer;
        this.topic = Token.renewalTopic(device);
        byte[] digest = HexFormat.of()
                .parseHex(Sha256.of(device.getBytes(StandardCharsets.UTF_8)).hex());
        this.turn = Integer.toUnsignedLong(ByteBuffer.wrap(digest).getInt()) / (double) (1L << Integer.SIZE);
        credentials.findings().tellAt(Optional.of(outbox));
        credentials.whenChanged(this::look);
        look();
    }

    @Deactivate
    synchronized void end() {
        ended = true;
        cancel.run();
        credentials.whenChanged(() -> {});
        credentials.findings().tellAt(Optional.empty());
    }

    @Override
    public void receive(Message message) {
        credentials.take(message).ifPresent(this::refused);
    }

    private synchronized void refused(String why) {
        trouble = why;
        LOG.log(System.Logger.Level.WARNING, "no new certificate: " + why);
    }

    private synchronized void look() {
        cancel.run();
        if (!ended) {
            cancel = timer.after(next(), this::look);
        }
    }

    /** Does what is due now; how long until there may be more to do. */
    private Duration next() {
        Optional<IssuedChain> chain = credentials.inForce();
        if (chain.isEmpty()) {
            return CLOCK_MAY_JUMP; // and sooner when one comes
        }
        Duration life = Duration.between(chain.get().from(), chain.get().until());
        if (!chain.get().equals(current)) {
            current = chain.get();
            pause = within(life.dividedBy(PAUSE_SHARE), SHORTEST_PAUSE, LONGEST_FIRST_PAUSE);
            told = life.dividedBy(4); // a shorter life than that is no cause for a warning
            trouble = "nobody answers at " + topic + ": is gatehouse ca serve running?";
        }
        ClockFloor.Time time = credentials.time();
        if (!time.isKnown()) {
            return CLOCK_MAY_BE_SET;
        }
        Duration left = Duration.between(time.now(), due(chain.get(), life));
        if (left.compareTo(Duration.ZERO) > 0) {
            return within(left, Duration.ofMillis(1), CLOCK_MAY_JUMP);
        }
        warn(chain.get().until(), Duration.between(time.now(), chain.get().until()));
        ask();
        Duration now = pause;
        pause = within(pause.multipliedBy(2), SHORTEST_PAUSE, LONGEST_PAUSE);
        return now;
    }

    private Instant due(IssuedChain chain, Duration life) {
        return chain.from().plusMillis((long) (life.toMillis() * (2 / 3.0 + turn / 20)));
    }

    private void ask() {
        try {
            byte[] request = new ClaimRequest(credentials.signingRequest(), Optional.empty()).write();
            outbox.send(Message.json(topic, request).expiring(EXPIRY));
        } catch (IOException e) {
            trouble = String.valueOf(e.getMessage());
            LOG.log(System.Logger.Level.ERROR, "cannot ask for another certificate", e);
        }
    }

    private void warn(Instant until, Duration left) {
        for (Duration warning : WARNINGS) {
            if (warning.compareTo(told) < 0 && left.compareTo(warning) <= 0) {
                told = warning;
                Map<String, Object> body = new LinkedHashMap<>();
                body.put("state", "ending");
                body.put("until", Times.format(until));
                body.put("left", left.toSeconds());
                body.put("detail", trouble);
                outbox.event("certificate", body);
            }
        }
    }

    private static Duration within(Duration duration, Duration least, Duration most) {
        if (duration.compareTo(least) < 0) {
            return least;
        }
        return duration.compareTo(most) < 0 ? duration : most;
    }
}
