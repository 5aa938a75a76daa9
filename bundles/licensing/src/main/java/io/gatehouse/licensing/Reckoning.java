package io.gatehouse.licensing;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.api.device.DeviceClock;
import io.gatehouse.api.message.Outbox;
import io.gatehouse.protocol.license.Limits;
import io.gatehouse.protocol.license.Verifier;
import io.gatehouse.protocol.trust.TrustDocument;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Looks at all licenses: what is granted follows from what is wanted, who is trusted, what was accepted before, and the time. For one thread at a time.
 */
final class Reckoning {
    private static final System.Logger LOG = System.getLogger(Reckoning.class.getName());
    private static final String RESOURCE = "license";

    private final DeviceClock clock;
    private final LongSupplier nanos;
    private final long begun;
    private final Outbox outbox;
    private final Asking asking;
    /** Tokens by their names. They change with the image alone. */
    private final Map<String, String> image;

    private final Locks locks;
    private final Ledger ledger;
    private final ProvenTime proven;
    private final Course course;
    private final Judge judge;
    private final RevocationLists lists;
    private final Events events;
    private Map<String, Standing> standings = Map.of();
    private List<Object> reported = List.of();
    private Optional<Seen> seen = Optional.empty();
    private Optional<Moment> last = Optional.empty();

    /** All that the fleet wants of each of these. */
    record Wanted(List<Desired> licenses, List<Desired> revocations, List<Desired> trust) {}

    /** What the last look found besides how each license stands. */
    private record Seen(Wanted wanted, List<ListStanding> lists, Map<String, Limits> granted, Moment moment) {}

    /** Begins with what the store has. */
    Reckoning(Licensing.Services services, Licensing.Site site) {
        this.clock = services.clock();
        this.nanos = site.nanos();
        this.begun = nanos.getAsLong();
        this.outbox = services.outbox();
        this.asking = services.asking();
        this.image = site.files().map(ImageLicenses::in).orElse(Map.of());
        this.locks = new Locks(new Hardware(site.machine()));
        this.ledger = new Ledger(services.store());
        this.proven = new ProvenTime(ledger);
        this.course = new Course(ledger, proven);
        this.judge = new Judge(services.device(), locks, ledger, course);
        this.lists = new RevocationLists(ledger);
        this.events = new Events(outbox, services.store());
    }

    /**
     * Looks. What must not be forgotten is on flash when this returns; nobody is told yet.
     *
     * @return when to look again, unless there is a reason before; nothing where nothing ends
     */
    Optional<Duration> look(Wanted wanted) {
        Moment moment = now();
        lookAtClock(moment);
        locks.look();
        course.pass(moment);
        Verifier verifier = new Verifier(document(wanted));
        List<ListStanding> listed = lists.accept(wanted.revocations(), verifier);
        standings = judge.judge(
                Claimed.of(image, wanted.licenses(), ledger::held), new Judge.Law(verifier, lists.all(), moment));
        ledger.holdOnly(wanted.licenses().stream().map(Desired::topic).toList());
        ledger.keepNow(); // or an evaluation would begin anew after a power cut
        course.stand(all(), moment, false);
        seen = Optional.of(new Seen(wanted, listed, inForce(), moment));
        return Stream.concat(course.next(all(), moment).stream(), locks.next(moment).stream())
                .min(Duration::compareTo);
    }

    /** The features that are granted as of the last look, with their limits. */
    Map<String, Limits> granted() {
        return seen.map(Seen::granted).orElse(Map.of());
    }

    /**
     * Tells the fleet what the last look found, as far as it does not know.
     *
     * @throws IllegalStateException when another outbox has taken the place of this one; what was not told yet is told by the next call, or the next process
     */
    void tell() {
        seen.ifPresent(one -> events.tell(standings, one.lists()));
        report();
    }

    /** Reports what the last look found, and what is asked for now, if that is another report than the last. */
    void report() {
        seen.ifPresent(one -> {
            Map<String, String> desired =
                    new HashMap<>(Claimed.digests(one.wanted().licenses()));
            desired.putAll(Claimed.digests(one.wanted().revocations()));
            Set<String> names = one.wanted().licenses().stream()
                    .flatMap(license -> license.name().stream())
                    .collect(Collectors.toSet());
            Report report = new Report(
                    desired, names, standings, one.lists(), one.granted(), asking.features(), locks.fingerprints());
            List<Object> gist = report.gist();
            if (!gist.equals(reported)) {
                outbox.report(RESOURCE, report.body(one.moment()));
                reported = gist;
            }
        });
    }

    private void lookAtClock(Moment moment) {
        proven.look(moment)
                .or(() -> last.map(moment::setBackSince).filter(back -> !back.isZero()))
                .ifPresent(back -> events.clockSetBack(moment.time().wall(), back));
        last = Optional.of(moment);
    }

    /** Has the next process, or whoever comes next in this one, count on from here. */
    void keep() {
        Moment moment = now();
        course.pass(moment);
        course.stand(all(), moment, true);
    }

    /** With those that go on in another's place. */
    private List<Standing> all() {
        return standings.values().stream().flatMap(Standing::all).toList();
    }

    private Moment now() {
        return new Moment(clock.time(), Duration.ofNanos(nanos.getAsLong() - begun));
    }

    private static Optional<TrustDocument> document(Wanted wanted) {
        try {
            return TrustDocument.inForce(wanted.trust()).map(TrustDocument::read);
        } catch (BadArgument e) { // another release accepted it
            LOG.log(System.Logger.Level.ERROR, "cannot read the trust document", e);
            return Optional.empty();
        }
    }

    private Map<String, Limits> inForce() {
        Map<String, Limits> granted = new TreeMap<>();
        all().stream()
                .filter(standing -> standing.state().isInForce())
                .flatMap(standing -> standing.license().stream())
                .forEach(license ->
                        license.features().forEach((feature, limits) -> granted.merge(feature, limits, Limits::or)));
        return granted;
    }
}
