package io.gatehouse.deployment.slot;

import io.gatehouse.api.command.Problem;
import io.gatehouse.api.message.Outbox;
import io.gatehouse.deployment.Progress;
import io.gatehouse.protocol.Reply;
import io.gatehouse.software.RuntimeSlot;
import io.gatehouse.software.RuntimeSlots;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tells the fleet which runtime is so, at {@code D/reported/runtime}. Used by one thread. */
final class RuntimeReports {
    private static final String RESOURCE = "runtime";

    private final Outbox outbox;
    private final RuntimeSlots slots;
    private final Progress progress;

    RuntimeReports(Outbox outbox, RuntimeSlots slots, Progress progress) {
        this.outbox = outbox;
        this.slots = slots;
        this.progress = progress;
    }

    /** A step goes on. It is told as often as {@link Progress} says. */
    void applying(Map<String, String> desired, String step, double share) {
        progress.of(step, share).ifPresent(members -> {
            Map<String, Object> body = body("applying", desired);
            body.putAll(members);
            outbox.report(RESOURCE, body);
        });
    }

    void applied(Map<String, String> desired) {
        end(body("applied", desired));
    }

    /**
     * It is not so.
     *
     * @param state {@code waiting}, {@code rolled-back}, {@code refused} or {@code failed}
     */
    void troubled(String state, Map<String, String> desired, Problem problem) {
        Map<String, Object> body = body(state, desired);
        body.put("problem", Reply.write(problem));
        end(body);
    }

    private void end(Map<String, Object> body) {
        progress.end();
        outbox.report(RESOURCE, body);
    }

    private Map<String, Object> body(String state, Map<String, String> desired) {
        RuntimeSlot running = slots.running();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("state", state);
        body.put("desired", desired);
        body.put("version", running.version());
        running.sha256().ifPresent(sha256 -> body.put("sha256", sha256));
        return body;
    }
}
