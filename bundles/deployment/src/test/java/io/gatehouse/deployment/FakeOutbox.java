package io.gatehouse.deployment;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outbox;
import io.gatehouse.protocol.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what was told, as the fleet would read it. */
final class FakeOutbox implements Outbox {
    final List<Map<String, ?>> reports = new CopyOnWriteArrayList<>();
    final List<Map<String, ?>> configurations = new CopyOnWriteArrayList<>();
    final List<Map<String, ?>> events = new CopyOnWriteArrayList<>();

    @Override
    public void observation(String topic, Instant at, Map<String, ?> body, boolean alsoAtPlace) {
        throw new AssertionError("no observation is made here");
    }

    @Override
    public void event(String name, Map<String, ?> body) {
        if (!name.equals("feature")) {
            throw new AssertionError(name);
        }
        events.add(Json.read(Json.write(body)).values());
    }

    @Override
    public void report(String resource, Map<String, ?> body) {
        switch (resource) {
            case "feature" -> reports.add(Json.read(Json.write(body)).values());
            case "configuration" ->
                configurations.add(Json.read(Json.write(body)).values());
            default -> throw new AssertionError(resource);
        }
    }

    @Override
    public void send(Message message) {
        throw new AssertionError("no message is sent here");
    }

    /** State and, while it is applied, step of each report; one step told twice counts once. */
    List<String> told() {
        return reports.stream()
                .map(report -> report.get("state") + (report.containsKey("step") ? " " + report.get("step") : ""))
                .distinct()
                .toList();
    }

    Map<String, ?> last() {
        return reports.isEmpty() ? Map.of() : reports.get(reports.size() - 1);
    }

    String lastState() {
        return String.valueOf(last().get("state"));
    }

    String lastProblem() {
        return last().get("problem") instanceof Map<?, ?> problem ? String.valueOf(problem.get("type")) : "";
    }

    String lastDetail() {
        return last().get("problem") instanceof Map<?, ?> problem ? String.valueOf(problem.get("detail")) : "";
    }
}
