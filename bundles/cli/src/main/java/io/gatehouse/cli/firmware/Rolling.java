package io.gatehouse.cli.firmware;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.ArtifactServer;
import io.gatehouse.cli.fleet.Ends;
import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.Report;
import io.gatehouse.cli.fleet.Roster;
import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.screen.Plain;
import io.gatehouse.cli.screen.Screen;
import io.gatehouse.protocol.trust.Jws;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Carries a rollout through: publishes a share, watches the devices, and does what {@link Roll} decides. Nothing is remembered but at the broker,
 * so that another run goes on where this one ended.
 */
public final class Rolling {
    private static final Duration QUIET = Duration.ofMillis(150);
    private static final Duration LOOK = Duration.ofMillis(250);

    private final Fleet fleet;
    private final Signer signer;
    private final Release release;
    private final Roll roll;
    private final Predicate<Message> server;
    private final Screen screen;
    private final Clock clock;
    private final Census census;
    private final RollTable table;
    private int percent;
    private Optional<Message> document = Optional.empty();
    private Optional<String> replacedBy = Optional.empty();
    private final Set<List<String>> known = new HashSet<>();
    private String said = "";

    /** Who takes part in it. */
    public record Parties(Fleet fleet, Signer signer, Predicate<Message> server, Screen screen) {}

    /**
     * Nothing is published yet.
     *
     * @param patience for so long a device of a step is waited for
     */
    public Rolling(Parties parties, Release release, Roll roll, Duration patience, Clock clock) {
        this.fleet = parties.fleet();
        this.signer = parties.signer();
        this.server = parties.server();
        this.screen = parties.screen();
        this.release = release;
        this.roll = roll;
        this.clock = clock;
        this.census = new Census(release, patience, clock.instant());
        this.table = new RollTable(roll.steps(), census);
    }

    /** Topic filters that this needs. */
    public static List<String> filters(Release release) {
        return List.of(release.topic(), Roster.FILTER, Report.filter(Release.RESOURCE), ArtifactServer.FILTER);
    }

    /**
     * Goes on until the last step is through, or it is stopped.
     *
     * @return the exit code
     * @throws InterruptedException all is left as it stands
     */
    public int run() throws Trouble, InterruptedException {
        for (Message message : fleet.retained(QUIET)) {
            take(message, true);
        }
        if (census.devices().isEmpty()) {
            throw new Trouble(
                    Trouble.Kind.NO_ANSWER,
                    "no device is known under " + release.scope() + " at " + fleet.broker()
                            + " (gatehouse devices lists those that are)");
        }
        goOn();
        while (true) {
            Decision decision = look();
            if (decision instanceof Decision.Widen wider) {
                publish(wider.percent());
            } else if (decision instanceof Decision.Stop stop) {
                return stop(stop.why());
            } else if (decision instanceof Decision.Through) {
                return through();
            }
            listen();
        }
    }

    /** From where the broker's document stands. */
    private void goOn() {
        percent = document.flatMap(release::percentOf).orElse(0);
        if (percent > 0) {
            screen.say("goes on at " + percent + " %");
        } else if (document.flatMap(release::percentOf).isPresent()) {
            screen.say("it was stopped before");
        }
    }

    private Decision look() throws Trouble {
        if (replacedBy.isPresent()) {
            throw new Trouble(
                    Trouble.Kind.REFUSED,
                    "somebody else published " + replacedBy.get() + " at " + release.topic()
                            + " meanwhile: this goes no further");
        }
        Instant now = clock.instant();
        census.time(now);
        Decision decision =
                roll.decide(percent, census.count(percent, now), census.countAll(now), census.lastEnd(percent), now);
        show(decision instanceof Decision.Wait wait ? wait.what() : "");
        return decision;
    }

    private void listen() throws InterruptedException {
        long end = System.nanoTime() + LOOK.toNanos();
        for (Optional<Message> next = fleet.next(LOOK);
                next.isPresent();
                next = fleet.next(Duration.ofNanos(end - System.nanoTime()))) {
            take(next.get(), false);
            if (System.nanoTime() > end) {
                return; // what comes without an end, as requests for bytes do, must not keep it from looking
            }
        }
    }

    private void take(Message message, boolean kept) {
        if (server.test(message)) {
            return;
        }
        if (message.topic().equals(release.topic())) {
            takeDocument(message, kept);
            return;
        }
        try {
            census.take(message, kept, clock.instant())
                    .filter(report -> !kept && census.covers(report.device()))
                    .ifPresent(this::tell);
        } catch (BadArgument e) {
            screen.note("not understood: " + message.topic() + ": " + e.getMessage());
        }
    }

    private void takeDocument(Message message, boolean kept) {
        if (kept) {
            release.know(message);
            document = Optional.of(message);
            known.add(signatures(message));
        } else if (!known.contains(signatures(message))) {
            replacedBy = Optional.of(release.percentOf(message)
                    .map(part -> part + " % of the same")
                    .orElse("another document"));
        }
    }

    /** No two documents have the same, whoever wrote them and however often. */
    private static List<String> signatures(Message document) {
        return document.properties().all(Jws.PROPERTY);
    }

    /** On a terminal the table has all but trouble. */
    private void tell(Report report) {
        String problem = report.problem().map(told -> "  " + Ends.words(told)).orElse("");
        boolean isTrouble = report.ended() && !report.applied();
        if (isTrouble || !screen.live()) {
            String state = Plain.safe(report.state());
            screen.say(report.device() + "  "
                    + (isTrouble
                            ? screen.paint().bad(state)
                            : report.applied() ? screen.paint().good(state) : state)
                    + Plain.safe(report.step().isEmpty() ? "" : "  " + report.step()) + Plain.safe(problem));
        }
    }

    private void show(String what) {
        List<String> lines = new ArrayList<>(table.lines(screen.paint(), percent, clock.instant()));
        lines.add(what);
        screen.draw(lines);
        if (!screen.live() && !what.equals(said) && !what.isEmpty()) {
            screen.say(percent + " %: " + table.words(percent, clock.instant()) + "; " + what);
        }
        said = what;
    }

    private void publish(int share) throws Trouble, InterruptedException {
        List<Roster.Member> cancelled = census.cancelled(percent, share);
        percent = share;
        Message signed =
                signer.signAfter(document.stream().toList(), release.at(share).message());
        known.add(signatures(signed)); // before it is back from the broker
        fleet.publish(signed);
        release.know(signed);
        document = Optional.of(signed);
        census.asked(clock.instant());
        screen.say(
                share == 0
                        ? "0 %: nobody else begins"
                        : "step " + roll.steps().number(share) + ": " + share + " %, " + census.takingPart(share)
                                + " devices");
        if (screen.json()) {
            screen.object(table.object(percent, clock.instant()));
        }
        if (!cancelled.isEmpty()) {
            order("firmware.retry", cancelled);
        }
    }

    private void order(String command, List<Roster.Member> devices) throws Trouble, InterruptedException {
        new Orders(fleet, signer, screen, message -> take(message, false)).give(command, release.firmware(), devices);
    }

    private int stop(String why) throws Trouble, InterruptedException {
        screen.draw(List.of());
        int stood = percent;
        List<Roster.Member> goingOn = census.goingOn(stood, clock.instant());
        if (stood > 0) {
            publish(0);
            if (!goingOn.isEmpty()) {
                order("firmware.cancel", goingOn);
            }
        }
        if (stood > 0) {
            summary(stood);
        }
        screen.note("stopped at " + stood + " %: " + why);
        screen.note("what helps: gatehouse firmware status " + release.scope()
                + " says what each device met; with a higher --stop-at-failures the same command begins again");
        return Trouble.Kind.REFUSED.exitCode();
    }

    private int through() {
        screen.draw(List.of());
        summary(percent);
        Count count = census.count(percent, clock.instant());
        int later = count.offline() + count.late();
        if (later > 0) {
            screen.note("offline or late: " + later + "; they take it when they can"
                    + (release.firmware().image().url().isPresent() ? "" : ", and it has no url: serve it again then"));
        }
        return 0;
    }

    private void summary(int share) {
        if (screen.json()) {
            screen.object(table.object(share, clock.instant()));
        } else {
            screen.lines(table.lines(screen.paint(), share, clock.instant()));
        }
    }
}
