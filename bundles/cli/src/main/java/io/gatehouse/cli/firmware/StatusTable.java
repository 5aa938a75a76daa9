package io.gatehouse.cli.firmware;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.Ends;
import io.gatehouse.cli.fleet.Report;
import io.gatehouse.cli.fleet.Roster;
import io.gatehouse.cli.screen.Paint;
import io.gatehouse.cli.screen.Plain;
import io.gatehouse.cli.screen.Screen;
import io.gatehouse.cli.screen.Table;
import io.gatehouse.protocol.Scope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What devices report of their firmware. */
public final class StatusTable {
    private final Screen screen;
    private final Roster roster = new Roster();
    private final Map<String, Report> reports = new TreeMap<>();

    public StatusTable(Screen screen) {
        this.screen = screen;
    }

    /** Takes a message if it tells of a device. */
    public void take(Message message) {
        roster.take(message);
        try {
            Report.read(message, Release.RESOURCE).ifPresent(report -> reports.put(report.device(), report));
        } catch (BadArgument e) {
            screen.note("not understood: " + message.topic() + ": " + e.getMessage());
        }
    }

    /**
     * Shows it.
     *
     * @param only devices under it, where there is one
     * @return whether there was anything
     */
    public boolean show(Optional<Scope> only) {
        List<Report> shown = reports.values().stream()
                .filter(report -> only.map(scope -> scope.covers(report.device(), place(report)))
                        .orElse(true))
                .toList();
        if (screen.json()) {
            shown.forEach(report -> screen.object(object(report)));
        } else if (!shown.isEmpty()) {
            screen.lines(table(shown));
        }
        return !shown.isEmpty();
    }

    private Optional<String> place(Report report) {
        return roster.find(report.device()).flatMap(Roster.Member::place);
    }

    private static Map<String, Object> object(Report report) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("device", report.device());
        object.putAll(report.members().values());
        return object;
    }

    private List<String> table(List<Report> shown) {
        Paint paint = screen.paint();
        Table table = new Table(paint, "DEVICE", "VERSION", "SEQ", "SLOT", "STATE", "STEP", "SINCE", "PROBLEM");
        for (Report report : shown) {
            table.row(
                    Plain.safe(report.device()),
                    text(report, "version"),
                    text(report, "sequence"),
                    text(report, "slot"),
                    state(paint, report),
                    step(report),
                    text(report, "at"),
                    report.problem()
                            .map(problem -> Plain.safe(Ends.words(problem)))
                            .orElse(""));
        }
        return table.lines();
    }

    private static String state(Paint paint, Report report) {
        return report.applied()
                ? paint.good(report.state())
                : report.ended() ? paint.bad(report.state()) : paint.remarkable(report.state());
    }

    private static String step(Report report) {
        boolean moves = !report.ended() && report.progress() > 0;
        return Plain.safe(report.step()) + (moves ? " " + (int) Math.floor(report.progress() * 100) + " %" : "");
    }

    private static String text(Report report, String name) {
        return Plain.safe(report.members().value(name).map(String::valueOf).orElse(""));
    }
}
