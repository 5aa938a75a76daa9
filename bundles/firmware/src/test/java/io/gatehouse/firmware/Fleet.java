package io.gatehouse.firmware;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outbox;
import io.gatehouse.protocol.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what was reported, as the fleet would read it. */
final class Fleet implements Outbox {
    final List<Map<String, ?>> reports = new CopyOnWriteArrayList<>();
    private final AbMachine machine;

    /**
     * Hears of everything.
     *
     * @param machine in whose story it notes each state
     */
    Fleet(AbMachine machine) {
        this.machine = machine;
    }

    @Override
    public void report(String resource, Map<String, ?> body) {
        if (!resource.equals("firmware")) {
            throw new AssertionError(resource);
        }
        if (machine.fuse.isBlown()) {
            return;
        }
        reports.add(Json.read(Json.write(body)).values());
        if (!"applying".equals(body.get("state"))) {
            machine.story.add("told " + body.get("state"));
        }
    }

    Map<String, ?> last() {
        return reports.isEmpty() ? Map.of() : reports.get(reports.size() - 1);
    }

    /** State and the problem's type of the last report, or its step. */
    String state() {
        Map<String, ?> last = last();
        String more = last.get("problem") instanceof Map<?, ?> problem
                ? " " + problem.get("type")
                : last.containsKey("step") ? " " + last.get("step") : "";
        return last.get("state") + more;
    }

    String detail() {
        return last().get("problem") instanceof Map<?, ?> problem ? String.valueOf(problem.get("detail")) : "";
    }

    boolean wasTold(String state) {
        return reports.stream().anyMatch(report -> state.equals(report.get("state")));
    }

    @Override
    public void observation(String topic, Instant at, Map<String, ?> body, boolean alsoAtPlace) {
        throw new AssertionError("no observation is made here");
    }

    @Override
    public void event(String name, Map<String, ?> body) {
        throw new AssertionError("no event is made here");
    }

    @Override
    public void send(Message message) {
        throw new AssertionError("no message is sent here");
    }
}
