package io.gatehouse.cli.license;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Problem;
import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.Ends;
import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.Remedy;
import io.gatehouse.cli.fleet.Roster;
import io.gatehouse.cli.fleet.SecurityEvent;
import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.fleet.Wish;
import io.gatehouse.cli.screen.Bar;
import io.gatehouse.cli.screen.Paint;
import io.gatehouse.cli.screen.Plain;
import io.gatehouse.cli.screen.Screen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Brings wishes for licenses and revocation lists to devices, each to its scope, and awaits what those that are there say of them. Who is
 * not there gets them when it comes.
 */
public final class Delivery {
    private static final Duration QUIET = Duration.ofMillis(150);
    private static final int DRAWN = 20;

    private final Fleet fleet;
    private final Signer signer;
    private final List<Wish> wishes;
    private final Screen screen;
    private final Roster roster = new Roster();
    private final Map<String, LicenseReport> reports = new LinkedHashMap<>();
    private final Map<Awaited, Optional<LicenseReport.End>> ends = new TreeMap<>();
    private final Set<String> remedies = new LinkedHashSet<>();

    /** A device and one of the wishes that are for it. */
    private record Awaited(String device, Wish wish) implements Comparable<Awaited> {
        @Override
        public int compareTo(Awaited other) {
            int byDevice = device.compareTo(other.device);
            return byDevice == 0 ? wish.topic().compareTo(other.wish.topic()) : byDevice;
        }
    }

    /**
     * A delivery.
     *
     * @param fleet connected by {@link #filters}
     */
    public Delivery(Fleet fleet, Signer signer, List<Wish> wishes, Screen screen) {
        this.fleet = fleet;
        this.signer = signer;
        this.wishes = List.copyOf(wishes);
        this.screen = screen;
    }

    /** Topic filters that this needs. */
    public static List<String> filters(List<Wish> wishes) {
        List<String> filters = new ArrayList<>(List.of(Roster.FILTER, LicenseReport.FILTER, SecurityEvent.FILTER));
        wishes.stream().map(Wish::topic).distinct().forEach(filters::add);
        return filters;
    }

    /**
     * Publishes and awaits nobody; the exit code.
     *
     * @param kept what the broker keeps of these topics
     */
    public int publish(List<Message> kept) throws Trouble, InterruptedException {
        for (int at = 0; at < wishes.size(); at++) {
            Wish wish = wishes.get(at);
            if (wishes.size() > 1) {
                screen.draw(List.of(Bar.of((double) at / wishes.size()) + "  " + wish.topic()));
            }
            fleet.publish(signer.signAfter(kept, wish.message()));
        }
        screen.draw(List.of());
        if (wishes.size() == 1) {
            screen.say("published at " + wishes.get(0).topic());
        } else {
            screen.say("published " + wishes.size() + " of them");
        }
        return 0;
    }

    /**
     * Carries it through; the exit code.
     *
     * @param kept what the broker keeps
     * @throws Trouble if none of the devices is there, and nothing is published then
     */
    public int run(List<Message> kept, Duration timeout) throws Trouble, InterruptedException {
        kept.forEach(this::take);
        if (wishes.size() == 1) {
            roster.gather(fleet, wishes.get(0).scope()).forEach(this::take);
        }
        join();
        if (ends.isEmpty()) {
            throw new Trouble(
                    Trouble.Kind.NO_ANSWER,
                    "no device of them is online at " + fleet.broker()
                            + "; --no-wait leaves it at the broker for them");
        }
        publish(kept);
        long end = System.nanoTime() + timeout.toNanos();
        reports.values().forEach(this::judge);
        draw();
        while (ends.values().stream().anyMatch(Optional::isEmpty)) {
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

    /** What the broker keeps, of a fleet that was just connected. */
    public static List<Message> kept(Fleet fleet) throws Trouble, InterruptedException {
        return fleet.retained(QUIET);
    }

    private void join() {
        for (Wish wish : wishes) {
            List<String> there = roster.online(wish.scope()).stream()
                    .map(Roster.Member::device)
                    .toList();
            there.forEach(device -> ends.put(new Awaited(device, wish), Optional.empty()));
            if (there.isEmpty() && wishes.size() > 1) {
                screen.note("nobody under " + wish.scope() + " is online; the broker keeps it");
            }
        }
    }

    private void take(Message message) {
        try {
            roster.take(message);
            LicenseReport.read(message).ifPresent(report -> {
                reports.put(report.report().device(), report);
                judge(report);
            });
            SecurityEvent.read(message).ifPresent(this::take);
        } catch (BadArgument e) {
            screen.note("not understood: " + message.topic() + ": " + e.getMessage());
        }
    }

    private void take(SecurityEvent event) {
        awaited(event.device()).stream()
                .filter(one -> event.topic().equals(one.wish().topic())
                        && event.sha256().equals(one.wish().digest()))
                .forEach(one -> {
                    Remedy.of(event.problem()).ifPresent(remedies::add);
                    end(one, new LicenseReport.End(false, "refused", Optional.of(event.problem()), ""));
                });
    }

    private void judge(LicenseReport report) {
        awaited(report.report().device()).forEach(one -> report.end(one.wish()).ifPresent(end -> end(one, end)));
    }

    private List<Awaited> awaited(String device) {
        return ends.entrySet().stream()
                .filter(one -> one.getValue().isEmpty() && one.getKey().device().equals(device))
                .map(Map.Entry::getKey)
                .toList();
    }

    private void end(Awaited awaited, LicenseReport.End end) {
        ends.put(awaited, Optional.of(end));
        Paint paint = screen.paint();
        String state = end.isFulfilled() ? paint.good(end.state()) : paint.bad(end.state());
        String why = end.problem().map(Ends::words).orElse("");
        screen.say(Stream.of(awaited.device(), name(awaited.wish()), state, Plain.safe(end.words()), Plain.safe(why))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("  ")));
    }

    private static String name(Wish wish) {
        return wish.name().orElse(wish.resource());
    }

    private void draw() {
        List<String> lines = new ArrayList<>();
        ends.forEach((one, end) -> {
            if (end.isEmpty()) {
                lines.add(one.device() + "  " + name(one.wish()) + "  asked");
            }
        });
        long through = ends.values().stream().filter(Optional::isPresent).count();
        screen.draw(
                lines.size() <= DRAWN
                        ? lines
                        : List.of(Bar.of((double) through / ends.size()) + "  " + through + " of " + ends.size()
                                + " devices are through"));
    }

    private int conclude(Duration timeout) {
        int exitCode = 0;
        for (Map.Entry<Awaited, Optional<LicenseReport.End>> one : ends.entrySet()) {
            Optional<LicenseReport.End> end = one.getValue();
            if (end.isEmpty()) {
                screen.note(one.getKey().device() + ": no end of "
                        + name(one.getKey().wish()) + " within " + timeout.toSeconds() + " s" + waiting(one.getKey()));
                exitCode = exitCode == 0 ? Trouble.Kind.NO_ANSWER.exitCode() : exitCode;
            } else if (!end.get().isFulfilled()) {
                exitCode = Trouble.Kind.REFUSED.exitCode();
            }
            if (screen.json()) {
                screen.object(object(one.getKey(), end));
            }
        }
        remedies.forEach(remedy -> screen.note("what helps: " + remedy));
        return exitCode;
    }

    /** Why it waits, where it says so. */
    private String waiting(Awaited one) {
        return Optional.ofNullable(reports.get(one.device()))
                .map(report -> report.problem(one.wish())
                        .map(problem -> "; it is waiting: " + Ends.words(problem))
                        .orElse(""))
                .orElse("; it has never said anything of licenses");
    }

    private static Map<String, Object> object(Awaited one, Optional<LicenseReport.End> end) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("device", one.device());
        object.put(one.wish().resource(), name(one.wish()));
        object.put("state", end.map(LicenseReport.End::state).orElse("asked"));
        end.flatMap(LicenseReport.End::problem).map(Delivery::object).ifPresent(why -> object.put("problem", why));
        return object;
    }

    private static Map<String, Object> object(Problem problem) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("type", problem.type());
        object.put("detail", problem.detail());
        return object;
    }
}
