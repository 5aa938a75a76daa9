package io.gatehouse.cli;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Problem;
import io.gatehouse.cli.dev.Build;
import io.gatehouse.cli.dev.Courier;
import io.gatehouse.cli.dev.Happenings;
import io.gatehouse.cli.dev.Shipment;
import io.gatehouse.cli.dev.Workshop;
import io.gatehouse.cli.fleet.LeftOut;
import io.gatehouse.cli.fleet.Remedy;
import io.gatehouse.cli.fleet.Report;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.fleet.Wish;
import io.gatehouse.cli.screen.MessageLine;
import io.gatehouse.cli.screen.Plain;
import io.gatehouse.cli.screen.Screen;
import io.gatehouse.cli.screen.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Goes from save to save: build, bring, show. */
final class Development {
    /** Less than the process may take to end. */
    private static final Duration REMOVED_WITHIN = Duration.ofSeconds(7);

    private static final Duration LONG = Duration.ofDays(1);

    private final Screen screen;
    private final Workshop workshop;
    private final Courier courier;
    private final Happenings happenings;
    private final Duration timeout;
    private final MessageLine line;
    private String version = "";

    Development(Screen screen, Workshop workshop, Courier courier, Happenings happenings, Duration timeout) {
        this.screen = screen;
        this.workshop = workshop;
        this.courier = courier;
        this.happenings = happenings;
        this.timeout = timeout;
        this.line = new MessageLine(screen.paint(), ZoneId.systemDefault());
    }

    /** Goes on until it is interrupted. */
    void run(String project, String device) throws Trouble, InterruptedException {
        screen.say("build " + project + " by " + workshop.builder() + ", and bring it to " + device);
        long since = System.nanoTime();
        String from = "the start";
        while (true) {
            Optional<Build> build = build(project);
            if (build.isPresent()) {
                show(build.get(), since, from);
                if (!workshop.isBehind()) {
                    workshop.prepare();
                    screen.say("waiting for saves; Ctrl-C ends it");
                }
            }
            since = awaitSave();
            from = "the save";
        }
    }

    private Optional<Build> build(String name) throws Trouble, InterruptedException {
        try (Waiting waiting = Waiting.begin(screen, "the build")) {
            waiting.step(name);
            return workshop.build();
        }
    }

    /** When it came. */
    private long awaitSave() throws InterruptedException {
        while (true) {
            Optional<Happenings.Happening> next = happenings.next(System.nanoTime() + LONG.toNanos());
            if (next.isPresent() && next.get() instanceof Happenings.Saved saved) {
                return saved.at();
            }
        }
    }

    private void show(Build build, long since, String from) throws Trouble, InterruptedException {
        if (build instanceof Build.Broken broken) {
            if (screen.json()) {
                screen.object(Map.of("state", "broken", "problems", broken.problems()));
            }
            broken.problems().forEach(problem -> screen.say(screen.paint().bad(Plain.safe(problem))));
            return;
        }
        Build.Made made = (Build.Made) build;
        if (made.edition().wasSigned() && version.isEmpty()) {
            screen.note(
                    "its signature does not hold for another version and is left out: the key that signs the wish has to"
                            + " vouch for it");
        }
        Shipment shipment = courier.ship(made);
        try (Waiting waiting = Waiting.begin(screen, "the device")) {
            waiting.step(shipment.version());
            follow(shipment);
        }
        version = shipment.isApplied() ? shipment.version() : version;
        if (screen.json()) {
            screen.object(object(made, shipment, since));
        } else {
            tell(made, shipment, since, from);
        }
    }

    /** Until it is over, the time is, or a save came while only the reading was awaited. */
    private void follow(Shipment shipment) throws Trouble, InterruptedException {
        Optional<Happenings.Saved> saved = Optional.empty();
        long until = System.nanoTime() + timeout.toNanos();
        while (!shipment.isOver() && (saved.isEmpty() || shipment.end().isEmpty())) {
            Happenings.Happening next = happenings.next(until).orElse(null);
            if (next == null) {
                break;
            }
            if (next instanceof Happenings.Heard heard) {
                shipment.take(heard);
            } else if (next instanceof Happenings.Saved now && saved.isEmpty() && workshop.isBehind()) {
                saved = Optional.of(now);
            }
        }
        saved.ifPresent(happenings::putBack);
    }

    private void tell(Build.Made made, Shipment shipment, long since, String from) {
        String what = made.bundle().symbolicName() + " " + shipment.version();
        String built = "built in " + seconds(made.took()) + " " + made.how();
        Report report = shipment.end().map(Shipment.End::report).orElse(null);
        if (report == null) {
            screen.line(what + "  " + built);
            screen.note("no end within " + Durations.words(timeout) + "; the device may not be there");
        } else if (!report.applied()) {
            screen.line(what + "  " + screen.paint().bad(report.state()) + "  "
                    + report.problem().map(Development::words).orElse("")
                    + (version.isEmpty() ? "" : "; " + version + " goes on"));
            report.problem().flatMap(Remedy::of).ifPresent(remedy -> screen.note("what helps: " + remedy));
        } else {
            screen.line(what + "  " + screen.paint().good(report.state()) + " "
                    + after(shipment.end().get().at(), since)
                    + shipment.reading()
                            .map(heard -> ", first reading " + after(heard.at(), since))
                            .orElse("") + " after "
                    + from + "; " + built);
            shipment.reading().ifPresent(heard -> screen.line(line.text(heard.message(), Instant.now())));
            tellWhatIsMissing(made, shipment);
        }
    }

    private void tellWhatIsMissing(Build.Made made, Shipment shipment) {
        shipment.fails().ifPresent(words -> screen.note("it runs, but " + Plain.safe(words)));
        if (!shipment.isThere()) {
            List<LeftOut> left = shipment.leftOut();
            left.forEach(one -> screen.note("the device leaves it out: " + one.words()));
            if (left.isEmpty()) {
                screen.note("the device applied it, and has another version or none: gatehouse status shows which");
            }
        } else if (made.edition().topics().isEmpty()) {
            screen.note("its manifest declares no topic, so no reading is awaited");
        } else if (shipment.reading().isEmpty() && shipment.fails().isEmpty()) {
            screen.note("no reading yet; gatehouse watch shows those that come");
        }
    }

    private static String words(Problem problem) {
        return Answers.words(problem);
    }

    private static String after(long at, long since) {
        return seconds(Duration.ofNanos(Math.max(0, at - since)));
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.2f s", time.toMillis() / 1000.0);
    }

    private Map<String, Object> object(Build.Made made, Shipment shipment, long since) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("state", shipment.end().map(end -> end.report().state()).orElse("unknown"));
        object.put("bundle", made.bundle().symbolicName());
        object.put("version", shipment.version());
        object.put("built", made.took().toMillis() / 1000.0);
        object.put("how", made.how());
        shipment.end()
                .ifPresent(end ->
                        object.put("ended", Duration.ofNanos(end.at() - since).toMillis() / 1000.0));
        shipment.end()
                .flatMap(end -> end.report().members().value("problem"))
                .ifPresent(problem -> object.put("problem", problem));
        shipment.fails().ifPresent(words -> object.put("fails", words));
        shipment.reading().ifPresent(heard -> {
            object.put("read", Duration.ofNanos(heard.at() - since).toMillis() / 1000.0);
            object.put("reading", line.object(heard.message()));
        });
        return object;
    }

    /** Says what stays, or takes it away; waits a while for that, and no longer. */
    void end(String device, boolean remove) throws Trouble, InterruptedException {
        String name = courier.shipped().orElse("");
        if (name.isEmpty()) {
            return;
        }
        if (!remove) {
            screen.note((version.isEmpty() ? name : version + " of " + name) + " stays on " + device
                    + "; gatehouse remove " + name + " --from " + device + " takes it away");
            return;
        }
        Wish removal = courier.takeAway(name);
        long until = System.nanoTime() + REMOVED_WITHIN.toNanos();
        for (Optional<Happenings.Happening> next = happenings.next(until);
                next.isPresent();
                next = happenings.next(until)) {
            if (next.get() instanceof Happenings.Heard heard && isGone(heard, removal)) {
                screen.note(name + " is gone from " + device);
                return;
            }
        }
        screen.note(device + " was told to remove " + name + ", and did not say yet that it did");
    }

    private static boolean isGone(Happenings.Heard heard, Wish removal) {
        try {
            return Report.read(heard.message(), removal.resource())
                    .filter(report -> report.ended() && !report.mentions(removal.topic()))
                    .isPresent();
        } catch (BadArgument e) {
            return false;
        }
    }
}
