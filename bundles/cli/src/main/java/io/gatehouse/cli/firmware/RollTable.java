package io.gatehouse.cli.firmware;

import io.gatehouse.cli.screen.Paint;
import io.gatehouse.cli.screen.Table;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A rollout as a table, a row for each step; those to come have the number of their devices alone. */
final class RollTable {
    private final Steps steps;
    private final Census census;

    RollTable(Steps steps, Census census) {
        this.steps = steps;
        this.census = census;
    }

    List<String> lines(Paint paint, int percent, Instant now) {
        Table table = new Table(paint, "STEP", "PERCENT", "DEVICES", "APPLIED", "WORKING", "LATE", "FAILED", "OFFLINE");
        for (int step : steps.percents()) {
            String number = String.valueOf(steps.number(step));
            if (step > percent) {
                table.row(number, step + " %", String.valueOf(census.takingPart(step)), "", "", "", "", "");
            } else {
                row(table, paint, number, step, census.count(step, now));
            }
        }
        return table.lines();
    }

    private static void row(Table table, Paint paint, String number, int step, Count count) {
        table.row(
                number,
                step + " %",
                String.valueOf(count.devices()),
                paint.good(String.valueOf(count.applied())),
                String.valueOf(count.working()),
                count.late() == 0 ? "" : paint.remarkable(String.valueOf(count.late())),
                count.failed() == 0 ? "0" : paint.bad(String.valueOf(count.failed())),
                String.valueOf(count.offline()));
    }

    /** How far it is, as JSON values. */
    Map<String, Object> object(int percent, Instant now) {
        Count count = census.count(percent, now);
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("step", steps.number(percent));
        object.put("percent", percent);
        object.put("devices", count.devices());
        object.put("applied", count.applied());
        object.put("working", count.working());
        object.put("late", count.late());
        object.put("failed", count.failed());
        object.put("offline", count.offline());
        return object;
    }

    /** How far it is, in words. */
    String words(int percent, Instant now) {
        Count count = census.count(percent, now);
        return count.applied() + " of " + count.devices() + " applied, " + count.working() + " working, "
                + (count.late() == 0 ? "" : count.late() + " late, ") + count.failed() + " failed, " + count.offline()
                + " offline";
    }
}
