package io.gatehouse.cli.license;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Problem;
import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.Ends;
import io.gatehouse.cli.fleet.Roster;
import io.gatehouse.cli.screen.Paint;
import io.gatehouse.cli.screen.Plain;
import io.gatehouse.cli.screen.Screen;
import io.gatehouse.cli.screen.Table;
import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.license.LicenseState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What devices report of their licenses. */
public final class StatusTable {
    private final Screen screen;
    private final Roster roster = new Roster();
    private final Map<String, LicenseReport> reports = new TreeMap<>();

    public StatusTable(Screen screen) {
        this.screen = screen;
    }

    /** Takes a message if it tells of a device. */
    public void take(Message message) {
        roster.take(message);
        try {
            LicenseReport.read(message)
                    .ifPresent(report -> reports.put(report.report().device(), report));
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
        List<LicenseReport> shown = reports.entrySet().stream()
                .filter(one -> only.map(scope -> scope.covers(one.getKey(), place(one.getKey())))
                        .orElse(true))
                .map(Map.Entry::getValue)
                .toList();
        if (screen.json()) {
            shown.forEach(report -> screen.object(object(report)));
        } else if (!shown.isEmpty()) {
            showTables(shown);
        }
        return !shown.isEmpty();
    }

    private Optional<String> place(String device) {
        return roster.find(device).flatMap(Roster.Member::place);
    }

    private static Map<String, Object> object(LicenseReport report) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("device", report.report().device());
        object.putAll(report.report().members().values());
        return object;
    }

    private void showTables(List<LicenseReport> shown) {
        Paint paint = screen.paint();
        Table licenses = new Table(paint, "DEVICE", "LICENSE", "ID", "SEQ", "STATE", "UNTIL", "FEATURES", "PROBLEM");
        Table lists = new Table(paint, "DEVICE", "REVOKED BY", "LIST", "STATE", "AT", "PROBLEM");
        for (LicenseReport report : shown) {
            String device = Plain.safe(report.report().device());
            rows(licenses, device, report);
            listRows(lists, device, report);
        }
        screen.lines(licenses.lines());
        if (!lists.isEmpty()) {
            screen.line("");
            screen.lines(lists.lines());
        }
    }

    private void rows(Table table, String device, LicenseReport report) {
        Paint paint = screen.paint();
        List<LicenseReport.Entry> licenses = report.licenses();
        List<String> unlicensed = report.unlicensed();
        for (LicenseReport.Entry one : licenses) {
            table.row(
                    device,
                    Plain.safe(one.name()),
                    one.issue().map(issue -> Plain.safe(issue.id().jti())).orElse(""),
                    one.issue().map(issue -> sequence(issue.sequence())).orElse(""),
                    state(one),
                    one.until().map(Plain::safe).orElse(""),
                    Plain.safe(String.join(",", one.features())),
                    words(one.problem()));
        }
        if (!unlicensed.isEmpty()) {
            String features = Plain.safe(String.join(",", unlicensed));
            table.row(device, "", "", "", paint.bad("unlicensed"), "", features, "");
        } else if (licenses.isEmpty()) {
            table.row(device, "", "", "", "none", "", "", "");
        }
    }

    private void listRows(Table table, String device, LicenseReport report) {
        Paint paint = screen.paint();
        for (LicenseReport.ListEntry one : report.lists()) {
            String state = Plain.safe(one.state());
            String notInForce = one.isWaiting() ? paint.remarkable(state) : paint.bad(state);
            table.row(
                    device,
                    Plain.safe(one.issuer()),
                    sequence(one.sequence()),
                    one.isInForce() ? paint.good(state) : notInForce,
                    Plain.safe(one.topic()),
                    words(one.problem()));
        }
    }

    private static String sequence(long sequence) {
        return sequence == 0 ? "" : String.valueOf(sequence);
    }

    private static String words(Optional<Problem> problem) {
        return problem.map(why -> Plain.safe(Ends.words(why))).orElse("");
    }

    private String state(LicenseReport.Entry one) {
        Paint paint = screen.paint();
        String state = Plain.safe(one.state());
        if (one.is(LicenseState.GRANTED::equals)) {
            return paint.good(state);
        }
        return one.isInForce() || one.is(LicenseState.WAITING::equals) ? paint.remarkable(state) : paint.bad(state);
    }
}
