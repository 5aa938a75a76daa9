package io.gatehouse.cli.license;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.fleet.Wish;
import io.gatehouse.cli.screen.Plain;
import io.gatehouse.cli.screen.Screen;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.Topic;
import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.trust.Jwt;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Renews the subscriptions that the broker keeps for a scope and what lies below it, each when it is due. */
public final class Renewals {
    /** Levels below the scope: places lie in each other. */
    private static final int DEEPEST = 7;

    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    private static final Duration TRIES_AGAIN = Duration.ofMinutes(1);

    private final Fleet fleet;
    private final Signer signer;
    private final Policy policy;
    private final Screen screen;
    private final Map<String, Message> kept = new TreeMap<>();
    private final Map<String, String> said = new LinkedHashMap<>();

    /**
     * Which ones, and how.
     *
     * @param key the issuer's; licenses that it signed are renewed
     * @param issuer whose licenses are, too, that another key of the issuer signed
     * @param ending what the next lease is in place of the subscription's own, if anything
     */
    public record Policy(Jwt.Signer key, Optional<String> issuer, Fields ending, Clock clock) {
        private boolean isOurs(Token<License> token) {
            return token.jwt().kid().equals(key.jwk().thumbprint())
                    || issuer.filter(name -> name.equals(token.claims().id().issuer()))
                            .isPresent();
        }
    }

    /**
     * Renews.
     *
     * @param fleet connected by {@link #filters}
     * @param signer signs what is published
     */
    public Renewals(Fleet fleet, Signer signer, Policy policy, Screen screen) {
        this.fleet = fleet;
        this.signer = signer;
        this.policy = policy;
        this.screen = screen;
    }

    /** Topic filters of the licenses of a scope. */
    public static List<String> filters(Scope scope) {
        List<String> filters = new ArrayList<>();
        for (int below = 0; below <= DEEPEST; below++) {
            filters.add(scope + "/+".repeat(below) + "/desired/" + LicenseReport.RESOURCE + "/+");
        }
        return filters;
    }

    /** Renews what is due; how many licenses it knows. */
    public int once() throws Trouble, InterruptedException {
        Delivery.kept(fleet).forEach(this::take);
        int ours = 0;
        for (String topic : List.copyOf(kept.keySet())) {
            ours += renew(topic).isPresent() ? 1 : 0;
        }
        return ours;
    }

    /** Goes on until it is interrupted, and renews each when it is due. */
    public void watch() throws InterruptedException {
        Instant next = policy.clock().instant();
        while (true) {
            Duration wait = Duration.between(policy.clock().instant(), next);
            Optional<Message> message = fleet.next(wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT);
            message.ifPresent(this::take);
            next = soonest();
        }
    }

    /** Renews what is due, and says when something will be. */
    private Instant soonest() throws InterruptedException {
        Instant soonest = policy.clock().instant().plus(LONGEST_WAIT);
        for (String topic : List.copyOf(kept.keySet())) {
            Optional<Instant> due;
            try {
                due = renew(topic).flatMap(Renewal::due);
            } catch (Trouble e) {
                say(topic, "not renewed: " + e.getMessage());
                due = Optional.of(policy.clock().instant().plus(TRIES_AGAIN));
            }
            if (due.isPresent() && due.get().isBefore(soonest)) {
                soonest = due.get();
            }
        }
        return soonest;
    }

    private void take(Message message) {
        kept.put(message.topic(), message);
    }

    /** The license at a topic as it is from now on; nothing where that is no business of this issuer. */
    private Optional<License> renew(String topic) throws Trouble, InterruptedException {
        Optional<Topic.Desired> where =
                Topic.parse(topic).filter(Topic.Desired.class::isInstance).map(Topic.Desired.class::cast);
        Message message = kept.get(topic);
        if (where.isEmpty() || message == null) {
            return Optional.empty();
        }
        try {
            Envelope envelope = Envelope.read(message.payload());
            if (!(envelope.spec().orElse(null) instanceof String text)) {
                return Optional.empty();
            }
            Token<License> token = Token.license(text);
            return policy.isOurs(token) ? Optional.of(renew(where.get(), envelope, token)) : Optional.empty();
        } catch (BadArgument e) {
            say(topic, "not understood: " + e.getMessage());
            return Optional.empty();
        }
    }

    private License renew(Topic.Desired where, Envelope envelope, Token<License> token)
            throws Trouble, InterruptedException {
        License license = token.claims();
        Optional<Instant> due = Renewal.due(license);
        Instant now = policy.clock().instant();
        if (due.isEmpty()) {
            say(where.toString(), license.id() + "  " + lasting(license));
            return license;
        }
        if (due.get().isAfter(now)) {
            say(where.toString(), license.id() + "  not due before " + due.get());
            return license;
        }
        if (token.isForgedIn(policy.key().jwk())) {
            throw new Trouble(
                    Trouble.Kind.REFUSED, where + " was changed since it was signed: install the license again");
        }
        return publish(where, envelope, next(license, now));
    }

    private License next(License license, Instant now) throws Trouble {
        try {
            License next = Renewal.next(license, policy.ending(), now);
            if (Renewal.due(next).filter(due -> !due.isAfter(now)).isPresent()) {
                throw new WrongField(
                        Fields.LASTS,
                        "must be longer than a third of the lease, or it is due again at once: "
                                + license.term().subscription().orElseThrow().lead());
            }
            return next;
        } catch (WrongField e) {
            throw new Trouble(Trouble.Kind.USAGE, license.id() + ": " + e.getMessage(), e);
        }
    }

    private License publish(Topic.Desired where, Envelope envelope, License next) throws Trouble, InterruptedException {
        Wish wish = Wishes.license(
                new Scope(where.scope()), where.name().orElse(""), Token.sign(policy.key(), next), envelope.rollout());
        Message signed = signer.signAfter(kept.values(), wish.message());
        fleet.publish(signed);
        take(signed);
        String until = next.term().expires().map(Instant::toString).orElse("");
        if (screen.json()) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("topic", where.toString());
            object.put("iss", next.id().issuer());
            object.put("jti", next.id().jti());
            object.put("seq", next.sequence());
            object.put("until", until);
            screen.object(object);
        } else {
            screen.line(where + "  " + next.id() + "  " + screen.paint().good("renewed") + ", sequence "
                    + next.sequence() + ", until " + until);
        }
        return next;
    }

    private static String lasting(License license) {
        return license.term()
                .subscription()
                .map(subscription -> "ends with its subscription at " + subscription.until())
                .orElse("no subscription: gatehouse license issue --renew makes its next sequence");
    }

    /** Each thing of a topic once, however often it is looked at. */
    private void say(String topic, String what) {
        if (!what.equals(said.put(topic, what))) {
            screen.say(Plain.safe(topic + "  " + what));
        }
    }
}
