package io.gatehouse.deployment;

import io.gatehouse.api.command.Problem;
import io.gatehouse.api.message.Outbox;
import io.gatehouse.protocol.Reply;
import io.gatehouse.software.Part;
import io.gatehouse.software.Software;
import io.gatehouse.software.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Tells the fleet what is so, at {@code D/reported/feature}, and at {@code D/reported/configuration} where any is wanted or was.
 * Used by one thread.
 */
final class Reports {
    private static final String RESOURCE = "feature";
    private static final String DESIRED = "desired";

    /** Of reports and plans: what is left out. */
    static final String UNLICENSED = "unlicensed";

    private static final double MILLIS = 1000.0;

    private final Outbox outbox;
    private final Software software;
    private final UnaryOperator<String> states;
    private final Progress progress;
    private boolean configured;
    private Aim aim = Aim.of(Map.of());

    /**
     * Reports to an outbox.
     *
     * @param states a bundle's state in one word, by its symbolic name
     */
    Reports(Outbox outbox, Software software, UnaryOperator<String> states, Progress progress) {
        this.outbox = outbox;
        this.software = software;
        this.states = states;
        this.progress = progress;
        this.configured = software.document().desired().keySet().stream().anyMatch(Wish::isConfiguration);
    }

    /** What is told from now on is told of this, also of what it leaves out. */
    void of(Aim told) {
        aim = told;
    }

    /** A step goes on. It is told as often as {@link Progress} says. */
    void applying(Map<String, String> desired, String step, double share) {
        progress.of(step, share).ifPresent(members -> {
            Map<String, Object> body = body("applying", desired);
            body.putAll(members);
            report(body);
        });
    }

    /** The process is about to restart, because of this. */
    void restarting(Verdict verdict) {
        Map<String, Object> body = body("applying", verdict.desired());
        body.put("step", "restart");
        body.put("problem", Reply.write(problem(verdict)));
        report(body);
    }

    void waiting(Map<String, String> desired, Problem problem) {
        Map<String, Object> body = body("waiting", desired);
        body.put("problem", Reply.write(problem));
        end(body);
    }

    /** It is so, since before this process began or since somebody put it here. */
    void applied(Map<String, String> desired) {
        end(body("applied", desired));
    }

    void applied(Verdict verdict) {
        end(ended("applied", verdict));
    }

    void rolledBack(Verdict verdict) {
        Map<String, Object> body = ended("rolled-back", verdict);
        body.put("problem", Reply.write(problem(verdict)));
        end(body);
    }

    void refused(Map<String, String> desired, Problem problem) {
        Map<String, Object> body = body("refused", desired);
        body.put("problem", Reply.write(problem));
        end(body);
    }

    void failed(Map<String, String> desired, Problem problem) {
        Map<String, Object> body = body("failed", desired);
        body.put("problem", Reply.write(problem));
        outbox.event(RESOURCE, Map.copyOf(body));
        end(body);
    }

    /** What was rolled back, told once as an event: a retained report may be overtaken by the next before anybody looks. */
    void eventOf(Verdict verdict) {
        Map<String, Object> body = ended("rolled-back", verdict);
        body.put("problem", Reply.write(problem(verdict)));
        outbox.event(RESOURCE, body);
    }

    private void end(Map<String, Object> body) {
        progress.end();
        body.put("bundles", bundles());
        report(body);
    }

    private void report(Map<String, Object> body) {
        Map<String, String> features = new LinkedHashMap<>();
        Map<String, String> configurations = new LinkedHashMap<>();
        if (body.get(DESIRED) instanceof Map<?, ?> desired) {
            desired.forEach((topic, digest) -> (Wish.isConfiguration(String.valueOf(topic)) ? configurations : features)
                    .put(String.valueOf(topic), String.valueOf(digest)));
        }
        aim.unlicensed().forEach(one -> features.put(one.topic(), aim.desired().getOrDefault(one.topic(), "")));
        body.put(DESIRED, features);
        if (!aim.unlicensed().isEmpty()) {
            body.put(UNLICENSED, unlicensed(aim));
        }
        outbox.report(RESOURCE, body);
        if (configured || !configurations.isEmpty()) {
            Map<String, Object> own = new LinkedHashMap<>(body);
            own.remove("bundles");
            own.put(DESIRED, configurations);
            outbox.report(Wish.CONFIGURATION, own);
            configured = !configurations.isEmpty();
        }
    }

    private static Map<String, Object> ended(String state, Verdict verdict) {
        Map<String, Object> body = body(state, verdict.desired());
        body.put("restarted", verdict.restarted());
        body.put("duration", verdict.took().toMillis() / MILLIS);
        return body;
    }

    private static Map<String, Object> body(String state, Map<String, String> desired) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("state", state);
        body.put(DESIRED, desired);
        return body;
    }

    private static Problem problem(Verdict verdict) {
        return new Problem(verdict.type(), verdict.detail());
    }

    private List<Map<String, Object>> bundles() {
        List<Map<String, Object>> bundles = new ArrayList<>();
        for (Part part : software.running()) {
            Map<String, Object> bundle = write(part);
            bundle.put("state", states.apply(part.symbolicName()));
            bundles.add(bundle);
        }
        return bundles;
    }

    /** What is left out as JSON values. */
    static List<Map<String, Object>> unlicensed(Aim aim) {
        return aim.unlicensed().stream().map(Unlicensed::write).toList();
    }

    /** A part as JSON values. */
    static Map<String, Object> write(Part part) {
        Map<String, Object> bundle = new LinkedHashMap<>();
        bundle.put("id", part.id());
        bundle.put("symbolicName", part.symbolicName());
        bundle.put("version", part.version());
        bundle.put("sha256", part.sha256());
        return bundle;
    }
}
