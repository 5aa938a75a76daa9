package io.gatehouse.firmware;

import io.gatehouse.api.artifact.Artifacts;
import io.gatehouse.api.command.Problem;
import io.gatehouse.api.message.Outbox;
import io.gatehouse.protocol.Reply;
import io.gatehouse.protocol.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Tells the fleet which firmware is so, at {@code D/reported/firmware}. What was told last is not told again, and how far a step is not more often than each
 * 5 s: each report is written to flash. Thread-safe.
 */
final class FirmwareReports {
    private static final String RESOURCE = "firmware";
    private static final Duration BETWEEN = Duration.ofSeconds(5);
    private static final double THOUSAND = 1000.0;
    private static final Set<String> TROUBLES = Set.of("refused", "failed", "rolled-back");

    private final Outbox outbox;
    private final LongSupplier nanos;

    // guarded by this
    private Facts facts = Facts.NONE;
    private Map<String, Object> last = Map.of();
    private String step = "";
    private long toldAt;
    private Map<String, String> fetched = Map.of();
    private long reused;
    private final Set<Map<String, String>> former = new HashSet<>();
    private Map<String, String> present = Map.of();

    /**
     * Nothing is told yet.
     *
     * @param nanos as {@link System#nanoTime}
     */
    FirmwareReports(Outbox outbox, LongSupplier nanos) {
        this.outbox = outbox;
        this.nanos = nanos;
    }

    /** From here on this runs. */
    synchronized void runs(Facts now) {
        facts = now;
    }

    /** What is wanted is looked at anew: what is told from here on is of the documents that are named. */
    synchronized void beginTurn() {
        former.clear();
    }

    /**
     * The same is wanted by other documents: what was told last, and what is told in this turn, is of those.
     *
     * @param before the digests of all documents by topic
     */
    synchronized void areOf(Map<String, String> before, Map<String, String> now) {
        former.add(before);
        present = now;
        fetched = fetched.equals(before) ? now : fetched;
        if (before.equals(last.get("desired"))) {
            Map<String, Object> body = new LinkedHashMap<>(last);
            body.put("desired", now);
            tell(body);
        }
    }

    private Map<String, String> present(Map<String, String> desired) {
        return former.contains(desired) ? present : desired;
    }

    /** Whether what was told last of these documents is a trouble that somebody may want tried again. */
    synchronized boolean isTroubled(Map<String, String> desired) {
        return TROUBLES.contains(String.valueOf(last.get("state"))) && desired.equals(last.get("desired"));
    }

    /** Whether what was told last is that all is as these documents want it. */
    synchronized boolean isApplied(Map<String, String> desired) {
        return "applied".equals(last.get("state")) && desired.equals(last.get("desired"));
    }

    /**
     * A step goes on.
     *
     * @param share what is done of it, from 0 to 1
     */
    synchronized void applying(Map<String, String> desired, String step, double share) {
        long now = nanos.getAsLong();
        if (step.equals(this.step) && now - toldAt < BETWEEN.toNanos()) {
            return;
        }
        Map<String, Object> body = body("applying", desired);
        body.put("step", step);
        if (share > 0) {
            body.put("progress", Math.round(share * THOUSAND) / THOUSAND);
        }
        tell(body);
        this.step = step;
        this.toldAt = now;
    }

    /** Tells how far the fetch of an image is; how much of it the device had is told from then on, as long as this is wanted. */
    Artifacts.Progress fetching(Map<String, String> desired) {
        return new Artifacts.Progress() {
            @Override
            public void fetched(long bytes, long size) {
                applying(desired, "fetch", (double) bytes / size);
            }

            @Override
            public void reused(long bytes) {
                reuse(desired, bytes);
            }
        };
    }

    private synchronized void reuse(Map<String, String> desired, long bytes) {
        fetched = present(desired);
        reused = bytes;
    }

    void applied(Map<String, String> desired) {
        tell(body("applied", desired));
    }

    void waiting(Map<String, String> desired, Problem why) {
        troubled("waiting", desired, why);
    }

    void refused(Map<String, String> desired, Problem why) {
        troubled("refused", desired, why);
    }

    /**
     * It failed, and is tried again.
     *
     * @param next when
     */
    void failed(Map<String, String> desired, Problem why, Instant next) {
        Map<String, Object> body = body("failed", desired);
        body.put("problem", Reply.write(why));
        body.put("next", Times.format(next));
        tell(body);
    }

    /** It failed, and is not tried again by itself. */
    void failed(Map<String, String> desired, Problem why) {
        troubled("failed", desired, why);
    }

    void givenUp(Map<String, String> desired, GivenUp what) {
        Map<String, Object> body = body(what.state(), desired);
        body.putAll(what.report());
        tell(body);
    }

    private void troubled(String state, Map<String, String> desired, Problem why) {
        Map<String, Object> body = body(state, desired);
        body.put("problem", Reply.write(why));
        tell(body);
    }

    private synchronized Map<String, Object> body(String state, Map<String, String> desired) {
        Map<String, String> documents = present(desired);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("state", state);
        body.put("desired", documents);
        body.putAll(facts.report());
        if (reused > 0 && documents.equals(fetched)) {
            body.put("reused", reused);
        }
        return body;
    }

    private synchronized void tell(Map<String, Object> body) {
        step = "";
        if (!body.equals(last)) {
            outbox.report(RESOURCE, body);
            last = body;
        }
    }
}
