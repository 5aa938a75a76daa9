package io.gatehouse.testkit.gateway;

import io.gatehouse.api.command.Problem;
import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.Report;
import io.gatehouse.cli.fleet.SecurityEvent;
import io.gatehouse.cli.fleet.Wish;
import io.gatehouse.protocol.Envelope;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What is wanted of the gateway by topic, published by the operator and followed to its end. */
final class Wishes {
    private final Map<String, Wish> inForce = new LinkedHashMap<>();

    /** What is wanted, in the order in which it came. */
    Map<String, Wish> inForce() {
        return new LinkedHashMap<>(inForce);
    }

    /**
     * Has a wish carried out.
     *
     * @throws NotApplied where it was not; then what was wanted before at its topic is wanted again
     */
    void carryOut(Running running, Wish wish) throws NotApplied, InterruptedException {
        Wish before = inForce.get(wish.topic());
        if (before != null && before.digest().equals(wish.digest())) {
            return; // the same bytes are no news to the gateway
        }
        Report report = follow(running, wish);
        if (!report.applied()) {
            takeBack(running, wish, Optional.ofNullable(before));
            throw new NotApplied(name(wish), report.state(), problem(report));
        }
        inForce.put(wish.topic(), wish);
    }

    /** Has it as it was before. */
    private void takeBack(Running running, Wish wish, Optional<Wish> before) throws InterruptedException {
        Wish last = before.orElseGet(() -> removal(wish));
        Report report = follow(running, last);
        if (!report.applied()) {
            throw new AssertionError(name(wish) + " was not applied, and what was there before does not come back: "
                    + problem(report) + "; the gateway wrote last:\n" + running.lastLines());
        }
    }

    /** Takes a wish away, and has it gone. */
    void withdraw(Running running, Wish wish) throws NotApplied, InterruptedException {
        Report report = follow(running, removal(wish));
        if (!report.applied()) {
            throw new NotApplied(name(wish), report.state(), problem(report));
        }
    }

    /** Publishes a wish, and finds what tells its end. */
    <T> T published(Running running, Wish wish, Function<Message, Optional<T>> end) throws InterruptedException {
        int mark = running.recording().mark();
        running.carrier().publish(running.authority().sign(wish.message()));
        if (wish.removes()) {
            inForce.remove(wish.topic());
        } else {
            inForce.put(wish.topic(), wish);
        }
        return running.recording()
                .await(mark, message -> end.apply(message).isPresent(), Running.PATIENCE)
                .flatMap(found -> end.apply(found.message()))
                .orElseThrow(() -> new AssertionError("the gateway came to no end with " + wish.topic() + " within "
                        + Running.PATIENCE.toSeconds() + " s; it wrote last:\n" + running.lastLines()));
    }

    private Report follow(Running running, Wish wish) throws InterruptedException {
        return published(running, wish, message -> end(message, wish));
    }

    private static Optional<Report> end(Message message, Wish wish) {
        Optional<Report> refused = SecurityEvent.read(message)
                .filter(event -> event.sha256().equals(wish.digest()))
                .map(event -> Report.refused(event.device(), event.problem()));
        return refused.or(() -> Report.read(message, wish.resource())
                .filter(Report::ended)
                .filter(report -> wish.removes()
                        ? !report.mentions(wish.topic())
                        : report.speaksOf(wish.topic(), wish.digest())));
    }

    /** The end of a wish. */
    static Wish removal(Wish wish) {
        return new Wish(wish.scope(), wish.resource(), wish.name(), Envelope.REMOVED);
    }

    private static String name(Wish wish) {
        return wish.resource() + " " + wish.name().orElse("");
    }

    private static Problem problem(Report report) {
        return report.problem().orElseGet(() -> new Problem("unknown", "the gateway gives no reason"));
    }
}
