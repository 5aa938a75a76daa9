package io.gatehouse.cli;

import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.cli.fleet.ArtifactServer;
import io.gatehouse.cli.fleet.Ends;
import io.gatehouse.cli.fleet.FeatureFile;
import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.LeftOut;
import io.gatehouse.cli.fleet.Roster;
import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.fleet.Wish;
import io.gatehouse.cli.screen.Screen;
import io.gatehouse.cli.screen.Table;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Asks devices what a feature would change, by the command {@code feature.plan}. They fetch its files for that: what a
 * bundle needs stands in its manifest.
 */
final class DryRun {
    private static final List<String> CHANGES = List.of("install", "update", "remove", "restart");

    private final Wish wish;
    private final FeatureFile feature;
    private final Duration timeout;

    DryRun(Wish wish, FeatureFile feature, Duration timeout) {
        this.wish = wish;
        this.feature = feature;
        this.timeout = timeout;
    }

    int run(Session session, Signer signer) throws Trouble, InterruptedException {
        Screen screen = session.screen();
        try (Fleet fleet = session.connect(List.of(Roster.FILTER, ArtifactServer.FILTER));
                ArtifactServer server = new ArtifactServer(feature.files(), fleet, screen::note)) {
            Answers.Question question =
                    new Answers.Question(wish.scope(), "feature.plan", Map.of("feature", feature.spec()), timeout);
            Answers answers = Answers.to(question, fleet, signer, server::take, screen);
            show(screen, answers);
            return answers.ends().values().stream().anyMatch(DryRun::isLeftOut)
                    ? Trouble.Kind.REFUSED.exitCode()
                    : answers.exitCode();
        }
    }

    private void show(Screen screen, Answers answers) {
        if (screen.json()) {
            answers.objects().forEach(screen::object);
        } else {
            answers.ends().forEach((device, outcome) -> show(screen, device, outcome));
        }
        answers.silent()
                .forEach(device -> screen.note("no plan within " + Durations.words(timeout) + " from " + device));
        answers.remedies().forEach(remedy -> screen.note("what helps: " + remedy));
    }

    private static void show(Screen screen, String device, Outcome outcome) {
        if (!(outcome instanceof Outcome.Done done)) {
            screen.line(device + "  " + screen.paint().bad(Ends.word(outcome)) + "  "
                    + Ends.problem(outcome).map(Answers::words).orElse(""));
            return;
        }
        Table table = new Table(screen.paint(), "CHANGE", "BUNDLE", "VERSION");
        for (String change : CHANGES) {
            if (done.result().get(change) instanceof List<?> bundles) {
                bundles.forEach(bundle -> row(table, change, bundle));
            }
        }
        leftOut(done).forEach(one -> screen.line(device + "  " + screen.paint().bad("left out") + "  " + one.words()));
        screen.line(device + (table.isEmpty() ? "  nothing would change" : ""));
        if (!table.isEmpty()) {
            table.lines().forEach(line -> screen.line("  " + line));
        }
    }

    /** Why the feature that was asked about would be. */
    private static List<LeftOut> leftOut(Outcome.Done done) {
        return LeftOut.in(Members.of("result", done.result()), "feature.plan");
    }

    private static boolean isLeftOut(Outcome outcome) {
        return outcome instanceof Outcome.Done done && !leftOut(done).isEmpty();
    }

    private static void row(Table table, String change, Object bundle) {
        if (bundle instanceof Map<?, ?> members) {
            Object name = members.get("symbolicName") == null ? members.get("id") : members.get("symbolicName");
            table.row(change, String.valueOf(name), version(members));
        } else {
            table.row(change, String.valueOf(bundle), "");
        }
    }

    private static String version(Map<?, ?> bundle) {
        Object version = bundle.get("version") == null ? "" : bundle.get("version");
        Object from = bundle.get("from");
        return from == null ? String.valueOf(version) : from + " -> " + version;
    }
}
