package io.gatehouse.cli;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.LeftOut;
import io.gatehouse.cli.fleet.Report;
import io.gatehouse.cli.fleet.Roster;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.fleet.Wish;
import io.gatehouse.cli.license.LicenseReport;
import io.gatehouse.cli.screen.Paint;
import io.gatehouse.cli.screen.Plain;
import io.gatehouse.cli.screen.Screen;
import io.gatehouse.cli.screen.Table;
import io.gatehouse.protocol.BundleState;
import io.gatehouse.protocol.DeviceName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows what one device says of itself. */
@Command(
        name = "status",
        description = {
            "Show whether a device is there, how its last change went, and the bundles that it runs.",
            "What it leaves out for want of a license is named with the license; as JSON it is under feature.unlicensed.",
            "What else something asks for and no license grants is named too; as JSON that is license.unlicensed."
        },
        footer = {"%nExamples:", "  gatehouse status", "  gatehouse status dwr/311-a1/00-11-22-33-44-55 -o json"})
final class StatusCommand implements Callable<Integer> {
    private static final List<String> RESOURCES = List.of(Wish.FEATURE, Wish.TRUST, LicenseReport.RESOURCE);
    private static final Duration QUIET = Duration.ofMillis(150);

    private final Supplier<Session> sessions;

    @Parameters(
            arity = "0..1",
            paramLabel = "DEVICE",
            description = "<family>/<model>/<id>; without it the demo's device.")
    @Nullable
    private String device;

    StatusCommand(Supplier<Session> sessions) {
        this.sessions = sessions;
    }

    @Override
    public Integer call() throws Trouble, InterruptedException {
        Session session = sessions.get();
        String name = device(session.scope(device, "DEVICE").path());
        session.sayWhichDemo();
        List<String> topics = new ArrayList<>(List.of(name + "/status"));
        RESOURCES.forEach(resource -> topics.add(name + "/" + Report.topic(resource)));
        try (Fleet fleet = session.connect(topics)) {
            Roster roster = new Roster();
            Map<String, Report> reports = new LinkedHashMap<>();
            for (Message message : fleet.retained(QUIET)) {
                roster.take(message);
                for (String resource : RESOURCES) {
                    read(message, resource, session.screen()).ifPresent(report -> reports.put(resource, report));
                }
            }
            Roster.Member member = roster.find(name)
                    .orElseThrow(() -> new Trouble(
                            Trouble.Kind.NO_ANSWER,
                            "nothing is known of " + name + " at " + fleet.broker()
                                    + "; gatehouse devices lists who is"));
            show(session.screen(), member, reports);
        }
        return 0;
    }

    private static String device(String path) throws Trouble {
        try {
            return DeviceName.parse(path).toString();
        } catch (IllegalArgumentException e) {
            throw new Trouble(Trouble.Kind.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    private static Optional<Report> read(Message message, String resource, Screen screen) {
        try {
            return Report.read(message, resource);
        } catch (BadArgument e) {
            screen.note("not understood: " + message.topic() + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    private static void show(Screen screen, Roster.Member member, Map<String, Report> reports) {
        if (screen.json()) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("device", member.device());
            object.put("status", member.status().values());
            reports.forEach(
                    (resource, told) -> object.put(resource, told.members().values()));
            screen.object(object);
            return;
        }
        Paint paint = screen.paint();
        String state = member.online() ? paint.good("online") : paint.bad(member.text("state"));
        screen.line(paint.strong(member.device()) + "  " + state);
        member.status().values().forEach((name, value) -> {
            if (!name.equals("state")) {
                field(screen, Plain.safe(name), Plain.safe(String.valueOf(value)));
            }
        });
        Report trust = reports.get(Wish.TRUST);
        if (trust != null) {
            field(screen, "trust", "version " + text(trust.members(), "version") + ", " + text(trust.members(), "at"));
        }
        Report feature = reports.get(Wish.FEATURE);
        if (feature == null) {
            screen.line("It has not reported on its features.");
        } else {
            show(screen, feature, unlicensed(reports, feature));
        }
    }

    /** What something asks for that was not left out for it. */
    private static List<String> unlicensed(Map<String, Report> reports, Report feature) {
        Report license = reports.get(LicenseReport.RESOURCE);
        List<String> leftOut = feature.leftOut().stream().map(LeftOut::license).toList();
        return license == null
                ? List.of()
                : license.members().strings("unlicensed").stream()
                        .filter(asked -> !leftOut.contains(asked))
                        .toList();
    }

    private static void show(Screen screen, Report report, List<String> unlicensed) {
        Paint paint = screen.paint();
        String state = report.applied() ? paint.good(report.state()) : paint.remarkable(report.state());
        field(
                screen,
                "features",
                state
                        + report.members()
                                .value("at")
                                .map(at -> ", " + Plain.safe(at.toString()))
                                .orElse(""));
        report.problem().ifPresent(problem -> field(screen, "problem", paint.bad(Answers.words(problem))));
        report.leftOut()
                .forEach(one -> field(screen, "left out", paint.bad(Plain.safe(one.feature())) + "  " + one.words()));
        unlicensed.forEach(
                one -> field(screen, "asks for", paint.bad(Plain.safe(one)) + ", which no license here grants"));
        report.desired().keySet().stream().sorted().forEach(topic -> field(screen, "desired", Plain.safe(topic)));
        Table table = new Table(paint, "BUNDLE", "VERSION", "STATE", "SHA-256");
        for (Members bundle : report.bundles()) {
            String bundleState = text(bundle, "state");
            String digest = text(bundle, "sha256");
            table.row(
                    bundle.has("symbolicName") ? text(bundle, "symbolicName") : text(bundle, "id"),
                    text(bundle, "version"),
                    bundleState.equals(BundleState.ACTIVE.word())
                            ? paint.good(bundleState)
                            : paint.remarkable(bundleState),
                    digest.substring(0, Math.min(12, digest.length())));
        }
        if (!table.isEmpty()) {
            screen.line("");
            screen.lines(table.lines());
        }
    }

    private static void field(Screen screen, String name, String value) {
        screen.line("  " + name + " ".repeat(Math.max(1, 10 - name.length())) + value);
    }

    private static String text(Members members, String name) {
        return Plain.safe(members.value(name).map(String::valueOf).orElse(""));
    }
}
