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
import io.gatehouse.protocol.license.Revocations;
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

/** Renews an issuer's own subscriptions that the broker keeps for a scope and what lies below it, each when it is due. */
public final class Renewals {
    /** Levels below the scope: places lie in each other. */
    static final int DEEPEST = 7;

    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    private static final Duration TRIES_AGAIN = Duration.ofMinutes(1);

    private final Fleet fleet;
    private final Signer signer;
    private final Policy policy;
    private final Screen screen;
    private final Map<String, Held> held = new TreeMap<>();
    private final Map<String, String> said = new LinkedHashMap<>();

    /**
     * Which ones, and how.
     *
     * @param key the issuer's, by which the next lease is signed
     * @param own which licenses are the issuer's, and are renewed
     * @param takenBack which of them are not
     * @param ending what the next lease is in place of the subscription's own, if anything
     */
    public record Policy(Jwt.Signer key, OwnTokens own, TakenBack takenBack, Fields ending, Clock clock) {}

    /**
     * What came of a look at all of them.
     *
     * @param known how many are the issuer's
     * @param failed how many could not be renewed
     */
    public record Tally(int known, int failed) {}

    /**
     * A license as the broker keeps it.
     *
     * @param foreign why it is not the issuer's
     */
    private record Held(
            Message message, Topic.Desired where, Envelope envelope, Token<License> token, Optional<String> foreign) {}

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

    /** Topic filters of the licenses of a scope, and of what was taken back anywhere. */
    public static List<String> filters(Scope scope) {
        List<String> filters = new ArrayList<>(TakenBack.FILTERS);
        for (int below = 0; below <= DEEPEST; below++) {
            filters.add(scope + "/+".repeat(below) + "/desired/" + LicenseReport.RESOURCE + "/+");
        }
        return filters;
    }

    /** Renews what is due; one that cannot be renewed holds up no other. */
    public Tally once() throws Trouble, InterruptedException {
        Delivery.kept(fleet).forEach(this::take);
        int failed = 0;
        for (Held one : ours()) {
            try {
                Optional<Instant> unused = renew(one);
            } catch (Trouble e) {
                complain(one, e);
                failed++;
            }
        }
        return new Tally(ours().size(), failed);
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
        for (Held one : ours()) {
            Optional<Instant> due;
            try {
                due = renew(one);
            } catch (Trouble e) {
                complain(one, e);
                due = Optional.of(policy.clock().instant().plus(TRIES_AGAIN));
            }
            if (due.isPresent() && due.get().isBefore(soonest)) {
                soonest = due.get();
            }
        }
        return soonest;
    }

    /** In a list of their own, as renewing one changes what is held. */
    private List<Held> ours() {
        return held.values().stream().filter(one -> one.foreign().isEmpty()).toList();
    }

    private void take(Message message) {
        Optional<Topic.Desired> where = Topic.parse(message.topic())
                .filter(Topic.Desired.class::isInstance)
                .map(Topic.Desired.class::cast);
        if (where.isEmpty()) {
            return;
        }
        try {
            if (where.get().resource().equals(LicenseReport.REVOCATION)) {
                policy.takenBack()
                        .take(message)
                        .ifPresent(why -> note(message.topic(), "this list counts for nothing here: " + why));
            } else {
                take(where.get(), message);
            }
        } catch (BadArgument e) {
            say(message.topic(), "not understood: " + e.getMessage());
        }
    }

    /** Whose it is is found out once, and not each time that something is due. */
    private void take(Topic.Desired where, Message message) {
        held.remove(message.topic());
        Envelope envelope = Envelope.read(message.payload());
        if (!(envelope.spec().orElse(null) instanceof String text)) {
            return;
        }
        Token<License> token = Token.license(text);
        Optional<String> foreign = policy.own().foreign(token);
        held.put(message.topic(), new Held(message, where, envelope, token, foreign));
        foreign.filter(why -> isDue(token.claims()))
                .ifPresent(why -> note(message.topic(), token.claims().id() + " is left as it is: " + why));
    }

    private boolean isDue(License license) {
        return Renewal.due(license)
                .filter(due -> !due.isAfter(policy.clock().instant()))
                .isPresent();
    }

    /** Renews one of the issuer's if it is due; when it will be, if ever. */
    private Optional<Instant> renew(Held one) throws Trouble, InterruptedException {
        License license = one.token().claims();
        String topic = one.where().toString();
        Optional<Revocations.Revoked> revoked = policy.takenBack().of(license);
        if (revoked.isPresent()) {
            say(topic, license.id() + "  is left to end: " + words(revoked.get()));
            return Optional.empty();
        }
        Optional<Instant> due = Renewal.due(license);
        if (due.isEmpty()) {
            say(topic, license.id() + "  " + lasting(license));
            return due;
        }
        Instant now = policy.clock().instant();
        if (due.get().isAfter(now)) {
            say(topic, license.id() + "  not due before " + due.get());
            return due;
        }
        return Renewal.due(publish(one, next(license, now)));
    }

    private static String words(Revocations.Revoked revoked) {
        return "it was revoked"
                + revoked.upTo().map(last -> " up to sequence " + last).orElse("")
                + revoked.reason().map(why -> ", " + why).orElse("")
                + revoked.upTo()
                        .map(last -> "; gatehouse license issue --renew makes its next sequence all the same")
                        .orElse("");
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

    private License publish(Held one, License next) throws Trouble, InterruptedException {
        Topic.Desired where = one.where();
        Wish wish = Wishes.license(
                new Scope(where.scope()),
                where.name().orElse(""),
                Token.sign(policy.key(), next),
                one.envelope().rollout());
        Message signed = signer.signAfter(List.of(one.message()), wish.message());
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

    private void complain(Held one, Trouble why) {
        note(one.where().toString(), "not renewed: " + why.getMessage());
    }

    /** Each thing of a topic once, however often it is looked at. */
    private void say(String topic, String what) {
        if (!what.equals(said.put(topic, what))) {
            screen.say(Plain.safe(topic + "  " + what));
        }
    }

    /** As {@link #say}, also where JSON is wanted. */
    private void note(String topic, String what) {
        if (!what.equals(said.put(topic, what))) {
            screen.note(Plain.safe(topic + "  " + what));
        }
    }
}
