package io.gatehouse.deployment;

import io.gatehouse.api.artifact.ArtifactUnavailable;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.software.Part;
import io.gatehouse.software.Plan;
import io.gatehouse.software.Software;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Says what a feature would do, were it wanted of this device. Fetches what it needs to say so, and changes nothing. */
final class Rehearsal {
    private final Software software;
    private final Preparation preparation;
    private final Signals signals;

    Rehearsal(Software software, Preparation preparation, Signals signals) {
        this.software = software;
        this.preparation = preparation;
        this.signals = signals;
    }

    /**
     * Plans.
     *
     * @param feature as in an envelope's spec; it takes the place of one of the same {@code group:artifact} at any scope
     * @param asked who asks, and when: the feature is judged as if it were signed so
     */
    Outcome plan(Map<String, ?> feature, Optional<Desired.Signature> asked, Preparation.Watch watch)
            throws InterruptedException {
        Optional<List<Desired>> latest = signals.latest();
        if (latest.isEmpty() || signals.isChanging()) {
            return Outcome.refused(
                    "busy",
                    latest.isEmpty()
                            ? "what is wanted of this device is not read yet; ask again in a moment"
                            : "a change goes on; ask again when D/reported/feature tells its end");
        }
        Desired wanted = new Desired("feature.plan", Integer.MAX_VALUE, Optional.empty(), feature, "", asked);
        try {
            Preparation.Change change = preparation.prepare(Wish.with(wanted, latest.get()), false, watch);
            Plan plan = change.plan();
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("install", plan.installed().stream().map(Reports::write).toList());
            result.put("update", updates(plan));
            result.put("remove", plan.removed().stream().map(Reports::write).toList());
            result.put("restart", plan.restarted());
            if (!change.aim().unlicensed().isEmpty()) {
                result.put(Reports.UNLICENSED, Reports.unlicensed(change.aim()));
            }
            return Outcome.done(result);
        } catch (Refused e) {
            return new Outcome.Refused(e.problem());
        } catch (ArtifactUnavailable e) {
            return Outcome.refused(e.type(), String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return Outcome.refused("storage", String.valueOf(e));
        }
    }

    /** With the version that runs now, as {@code from}. */
    private List<Map<String, Object>> updates(Plan plan) {
        Map<String, String> versions = new LinkedHashMap<>();
        software.running().forEach(part -> versions.put(part.symbolicName(), part.version()));
        List<Map<String, Object>> updates = new ArrayList<>();
        for (Part part : plan.updated()) {
            Map<String, Object> update = Reports.write(part);
            String from = versions.get(part.symbolicName());
            if (from != null) {
                update.put("from", from);
            }
            updates.add(update);
        }
        return updates;
    }
}
