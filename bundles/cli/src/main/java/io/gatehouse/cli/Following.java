package io.gatehouse.cli;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.ArtifactServer;
import io.gatehouse.cli.fleet.Call;
import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.LeftOut;
import io.gatehouse.cli.fleet.Remedy;
import io.gatehouse.cli.fleet.Report;
import io.gatehouse.cli.fleet.Roster;
import io.gatehouse.cli.fleet.SecurityEvent;
import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.fleet.Wish;
import io.gatehouse.cli.screen.Bar;
import io.gatehouse.cli.screen.Paint;
import io.gatehouse.cli.screen.Plain;
import io.gatehouse.cli.screen.Screen;
import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Publishes a wish and follows the devices that are there until each has come to an end with it, handing their requests
 * for artifacts to the server meanwhile.
 */
final class Following {
    private static final Duration QUIET = Duration.ofMillis(150);
    private static final Duration RETRY_EXPIRY = Duration.ofMinutes(1);
    private static final int DRAWN = 20;

    private final Fleet fleet;
    private final Signer signer;
    private final Wish wish;
    private final Predicate<Message> server;
    private final Screen screen;
    private final Roster roster = new Roster();
    private final Map<String, Standing> standings = new TreeMap<>();
    private final Map<String, Report> before = new LinkedHashMap<>();
    private final Set<String> remedies = new LinkedHashSet<>();
    private boolean published;

    /** How far one device is. */
    private record Standing(String state, String step, double progress, Optional<Report> end) {
        static final Standing AWAITED = new Standing("asked", "", 0, Optional.empty());
    }

    /** What must be so before a wish is published. */
    @FunctionalInterface
    interface Check {
        /** Whatever is published. */
        Check NONE = (kept, signed) -> {};

        /**
         * Looks at it.
         *
         * @param kept what the broker keeps
         * @throws Trouble if it must not be published
         */
        void check(List<Message> kept, Message signed) throws Trouble;

        /** Topic filters of what it looks at. */
        default List<String> filters() {
            return List.of();
        }
    }

    Following(Fleet fleet, Signer signer, Wish wish, Predicate<Message> server, Screen screen) {
        this.fleet = fleet;
        this.signer = signer;
        this.wish = wish;
        this.server = server;
        this.screen = screen;
    }

    /** Topic filters that this needs. */
    static List<String> filters(Wish wish) {
        return List.of(
                wish.topic(),
                Roster.FILTER,
                Report.filter(wish.resource()),
                SecurityEvent.FILTER,
                ArtifactServer.FILTER);
    }

    /** Publishes and awaits nobody; the exit code. */
    int publish(Check check) throws Trouble, InterruptedException {
        publish(fleet.retained(QUIET), check);
        screen.say("published at " + wish.topic());
        return 0;
    }

    private void publish(List<Message> kept, Check check) throws Trouble, InterruptedException {
        Message signed = signer.signAfter(kept, wish.message());
        check.check(kept, signed);
        fleet.publish(signed);
    }

    /** Carries it through; the exit code. */
    int run(Duration timeout, Check check) throws Trouble, InterruptedException {
        List<Message> kept = roster.gather(fleet, wish.scope());
        kept.forEach(this::take);
        roster.online(wish.scope()).forEach(this::join);
        publish(kept, check);
        published = true;
        judgeByWhatWasReported();
        long end = System.nanoTime() + timeout.toNanos();
        draw();
        while (standings.values().stream().anyMatch(standing -> standing.end().isEmpty())) {
            Optional<Message> next = fleet.next(Duration.ofNanos(end - System.nanoTime()));
            if (next.isEmpty()) {
                break;
            }
            take(next.get());
            draw();
        }
        screen.draw(List.of());
        return conclude(timeout);
    }

    private void join(Roster.Member member) {
        if (wish.includes(member)) {
            standings.putIfAbsent(member.device(), Standing.AWAITED);
        } else if (wish.scope().covers(member.device(), member.place()) && !published) {
            screen.say(member.device() + ": not in this part of the rollout");
        }
    }

    private void take(Message message) {
        try {
            if (server.test(message)) {
                return;
            }
            roster.take(message).filter(member -> member.online() && published).ifPresent(this::join);
            Report.read(message, wish.resource()).ifPresent(this::take);
            SecurityEvent.read(message).ifPresent(this::take);
        } catch (BadArgument e) {
            screen.note("not understood: " + message.topic() + ": " + e.getMessage());
        }
    }

    private void take(Report report) {
        if (!published) {
            before.put(report.device(), report);
        } else if (standings.containsKey(report.device()) && isOfThisWish(report)) {
            follow(report);
        }
    }

    private void take(SecurityEvent event) {
        boolean isOfThisWish =
                event.topic().equals(wish.topic()) && event.sha256().equals(wish.digest());
        if (published && isOfThisWish && standings.containsKey(event.device())) {
            follow(Report.refused(event.device(), event.problem()));
            Remedy.of(event.problem()).ifPresent(remedies::add);
        }
    }

    /** A device that was told to forget a topic speaks of it no longer. */
    private boolean isOfThisWish(Report report) {
        return report.speaksOf(wish.topic(), wish.digest())
                || (wish.removes() && !report.mentions(wish.topic()) && report.ended());
    }

    /**
     * The same bytes again are no news to a device: one that has applied them will say nothing more, and one that rolled
     * back tries again only when it is told to.
     */
    private void judgeByWhatWasReported() throws Trouble, InterruptedException {
        for (String device : List.copyOf(standings.keySet())) {
            Report report = before.get(device);
            if (report == null) {
                continue;
            }
            boolean gone = wish.removes() && !report.mentions(wish.topic());
            boolean same = report.speaksOf(wish.topic(), wish.digest());
            if (report.ended() && same && !report.applied()) {
                screen.say(device + "  " + report.state() + " before; it is asked to try again");
                Call retry = Call.of(fleet, new Scope(device), wish.resource() + ".retry", Map.of(), RETRY_EXPIRY);
                fleet.publish(signer.sign(retry.message()));
            } else if (report.ended(wish.topic()) && (gone || same)) {
                String so = device + "  " + (gone ? nothing(report) : "applied already");
                screen.say(report.leftOut(wish.topic()).isEmpty() ? so : line(report));
                standings.put(device, new Standing(state(report), "", 1, Optional.of(report)));
            }
        }
    }

    /** Maybe it is there under another name or from another scope. */
    private static String nothing(Report report) {
        String others = report.desired().keySet().stream()
                .flatMap(topic -> Topic.parse(topic).stream())
                .filter(Topic.Desired.class::isInstance)
                .map(Topic.Desired.class::cast)
                .map(topic -> topic.name().orElse(topic.resource()) + " from " + topic.scope())
                .sorted()
                .collect(Collectors.joining(", "));
        return "nothing of this name is there" + (others.isEmpty() ? "" : "; there is " + others);
    }

    private void follow(Report report) {
        Standing was = standings.put(
                report.device(),
                new Standing(
                        state(report),
                        step(report),
                        report.progress(),
                        report.ended(wish.topic()) ? Optional.of(report) : Optional.empty()));
        boolean moved =
                was == null || !was.state().equals(state(report)) || !was.step().equals(step(report));
        if (report.ended(wish.topic())) {
            screen.say(line(report));
        } else if (moved && !screen.live()) {
            screen.say(report.device() + "  " + Plain.safe(state(report)) + "  " + step(report));
        }
    }

    /** Of what is wished, where the device has applied all else. */
    private String state(Report report) {
        if (!report.applied() || report.leftOut(wish.topic()).isEmpty()) {
            return report.state();
        }
        return report.ended(wish.topic()) ? "left-out" : "waiting";
    }

    private String leftOut(Report report) {
        return report.leftOut(wish.topic()).stream().map(LeftOut::words).collect(Collectors.joining("; "));
    }

    /** What goes on, or what it waits for. */
    private String step(Report report) {
        return Plain.safe(report.step())
                + (report.ended() ? leftOut(report) : "")
                + report.problem().map(problem -> " " + Answers.words(problem)).orElse("");
    }

    private void draw() {
        List<String> lines = new ArrayList<>();
        int ended = 0;
        for (Map.Entry<String, Standing> device : standings.entrySet()) {
            Standing standing = device.getValue();
            if (standing.end().isPresent()) {
                ended++;
            } else {
                String bar = standing.progress() > 0 ? "  " + Bar.of(standing.progress()) : "";
                lines.add(device.getKey() + "  " + Plain.safe(standing.state()) + "  " + standing.step() + bar);
            }
        }
        screen.draw(
                lines.size() <= DRAWN ? lines : List.of(ended + " of " + standings.size() + " devices are through"));
    }

    private String line(Report report) {
        Paint paint = screen.paint();
        if (state(report).equals("left-out")) {
            return report.device() + "  " + paint.bad("left out") + "  " + leftOut(report);
        }
        String state = report.applied() ? paint.good(report.state()) : paint.bad(report.state());
        String took = report.applied()
                ? report.members()
                        .value("duration")
                        .map(seconds -> " in " + Plain.safe(seconds.toString()) + " s")
                        .orElse("")
                : "";
        String version = report.members()
                .value("version")
                .map(number -> ", version " + Plain.safe(number.toString()))
                .orElse("");
        List<String> restarted = restarted(report);
        return report.device() + "  " + state + took + version
                + (restarted.isEmpty() ? "" : ", restarted " + String.join(", ", restarted))
                + report.problem().map(problem -> "  " + Answers.words(problem)).orElse("");
    }

    private static List<String> restarted(Report report) {
        return report.applied()
                ? report.members().value("restarted").stream()
                        .filter(List.class::isInstance)
                        .flatMap(list -> ((List<?>) list).stream())
                        .map(name -> Plain.safe(String.valueOf(name)))
                        .toList()
                : List.of();
    }

    private int conclude(Duration timeout) {
        int exitCode = 0;
        for (Map.Entry<String, Standing> device : standings.entrySet()) {
            Standing standing = device.getValue();
            if (standing.end().isEmpty()) {
                screen.note(device.getKey() + ": no end within " + Durations.words(timeout) + "; it is "
                        + standing.state() + " " + standing.step() + hint(standing));
                exitCode = exitCode == 0 ? Trouble.Kind.NO_ANSWER.exitCode() : exitCode;
            } else if (!standing.end().get().applied(wish.topic())) {
                exitCode = Trouble.Kind.REFUSED.exitCode();
            }
            if (screen.json()) {
                screen.object(object(device.getKey(), standing));
            }
        }
        remedies.forEach(remedy -> screen.note("what helps: " + remedy));
        return exitCode;
    }

    /** It tells of each kind of refusal once a minute at most, so maybe before this command came. */
    private static String hint(Standing standing) {
        return standing.equals(Standing.AWAITED)
                ? "; where it refused, gatehouse watch --topic " + SecurityEvent.TOPIC + " shows why, once a minute"
                : "";
    }

    private static Map<String, Object> object(String device, Standing standing) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("device", device);
        object.put("state", standing.state());
        standing.end().ifPresent(report -> {
            for (String member : List.of("duration", "restarted", "problem", "unlicensed")) {
                report.members().value(member).ifPresent(value -> object.put(member, value));
            }
        });
        return object;
    }
}
