package io.gatehouse.cli;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.Report;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.fleet.Wish;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.Topic;
import io.gatehouse.protocol.trust.Admission;
import io.gatehouse.protocol.trust.ClockFloor;
import io.gatehouse.protocol.trust.Jws;
import io.gatehouse.protocol.trust.SignedMessage;
import io.gatehouse.protocol.trust.Trust;
import io.gatehouse.protocol.trust.TrustDocument;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Asks, before a trust document is published, what devices will: by their own rules and, as far as the broker keeps it, by the
 * document that they have. One that they refuse, or that shuts the fleet out, never leaves this machine.
 */
final class TrustCheck implements Following.Check {
    private final TrustDocument next;
    private final Wish wish;
    private final List<String> kids;
    private final Clock clock;

    /**
     * A check.
     *
     * @param kids of the keys that sign, the pinned root first where there is no document yet
     */
    TrustCheck(TrustDocument next, Wish wish, List<String> kids, Clock clock) {
        this.next = next;
        this.wish = wish;
        this.kids = List.copyOf(kids);
        this.clock = clock;
    }

    /** The documents that devices of this scope have, its own and the wider ones', and what they report of them. */
    @Override
    public List<String> filters() {
        String path = wish.scope().path();
        List<String> filters = new ArrayList<>(List.of(wish.topic(), Report.filter(Wish.TRUST)));
        for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
            filters.add(topic(path.substring(0, slash)));
        }
        return filters;
    }

    @Override
    public void check(List<Message> kept, Message signed) throws Trouble {
        Optional<TrustDocument> present = kept.stream()
                .flatMap(message -> document(message).stream())
                .max(Comparator.comparingLong(TrustDocument::version));
        Topic topic = Topic.parse(signed.topic()).orElseThrow();
        SignedMessage message = new SignedMessage(
                topic, signed.payload(), signed.properties().all(Jws.PROPERTY), Optional.empty(), Optional.empty());
        Admission admission = new Trust(kids.get(0), present)
                .admit(message, new ClockFloor(Instant.EPOCH).time(clock), Optional.empty());
        if (admission instanceof Admission.Refused refused) {
            throw notPublished(refused.reason().word() + ": " + refused.detail());
        }
        for (Message each : kept) {
            checkReport(each);
        }
    }

    private void checkReport(Message message) throws Trouble {
        Optional<Report> report = report(message);
        if (report.isEmpty() || report.get().desired().containsValue(wish.digest())) {
            return;
        }
        if (report.get().members().value("version").orElse(0L) instanceof Number version
                && version.longValue() >= next.version()) {
            throw notPublished(report.get().device() + " has version " + version + " already, and this is version "
                    + next.version() + ": change the document that it has");
        }
    }

    private static Optional<Report> report(Message message) {
        try {
            return Report.read(message, Wish.TRUST);
        } catch (BadArgument e) {
            return Optional.empty(); // its sender's trouble
        }
    }

    private static Trouble notPublished(String why) {
        return new Trouble(Trouble.Kind.USAGE, "devices would refuse this document, so it is not published: " + why);
    }

    private static Optional<TrustDocument> document(Message message) {
        if (!message.topic().endsWith(topic(""))) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    TrustDocument.read(Json.readStrict(message.payload()).object("spec")));
        } catch (BadArgument e) {
            return Optional.empty(); // no device took it
        }
    }

    private static String topic(String scope) {
        return scope + "/desired/" + Wish.TRUST;
    }
}
