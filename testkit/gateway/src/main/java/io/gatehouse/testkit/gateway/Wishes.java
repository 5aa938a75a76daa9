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
     * @throws NotApplied where it was not; then it is taken back
     */
    void carryOut(Running running, Wish wish) throws NotApplied, InterruptedException {
        Wish before = inForce.get(wish.topic());
        if (before != null && before.digest().equals(wish.digest())) {
            return; // the same bytes are no news to the gateway
        }
        Report report = follow(running, wish);
        if (!report.applied()) {
            inForce.remove(wish.topic());
            follow(running, removal(wish));
            throw new NotApplied(name(wish), report.state(), problem(report));
        }
        inForce.put(wish.topic(), wish);
    }

    /** Takes a wish away, and has it gone. */
    void withdraw(Running running, Wish wish) throws NotApplied, InterruptedException {
        inForce.remove(wish.topic());
        Report report = follow(running, removal(wish));
        if (!report.applied()) {
            throw new NotApplied(name(wish), report.state(), problem(report));
        }
    }

    /** Publishes a wish, and finds what tells its end. */
    <T> T published(Running running, Wish wish, Function<Message, Optional<T>> end) throws InterruptedException {
        int mark = running.recording().mark();
        running.carrier().publish(running.authority().sign(wish.message()));
        inForce.put(wish.topic(), wish);
        return running.recording()
                .await(mark, message -> end.apply(message).isPresent(), Running.PATIENCE)
                .flatMap(found -> end.apply(found.message()))
                .orElseThrow(() -> new AssertionError("the gateway came to no end with " + wish.topic() + " within "
                        + Running.PATIENCE.toSeconds() + " s; it wrote last:\n" + running.lastLines()));
    }

    private Report follow(Running running, Wish wish) throws InterruptedException {
        Report report = published(running, wish, message -> end(message, wish));
        if (wish.removes()) {
            inForce.remove(wish.topic());
        }
        return report;
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

    private static Wish removal(Wish wish) {
        return new Wish(wish.scope(), wish.resource(), wish.name(), Envelope.REMOVED);
    }

    private static String name(Wish wish) {
        return wish.resource() + " " + wish.name().orElse("");
    }

    private static Problem problem(Report report) {
        return report.problem().orElseGet(() -> new Problem("unknown", "the gateway gives no reason"));
    }
}
