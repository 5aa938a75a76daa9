package io.gatehouse.deployment;

import io.gatehouse.software.Document;
import io.gatehouse.software.Part;
import io.gatehouse.software.Plan;
import io.gatehouse.software.Software;
import io.gatehouse.software.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.osgi.framework.Bundle;

/** A launcher that does as it is told, and ends its changes when the test says so. */
final class FakeSoftware implements Software {
    final List<Document> changes = new CopyOnWriteArrayList<>();
    final CountDownLatch askedWhileChanging = new CountDownLatch(1);
    final Map<String, Path> jars = new ConcurrentHashMap<>();
    volatile List<Part> factory = List.of();
    volatile Map<String, Map<String, Object>> factoryConfigurations = Map.of();
    volatile List<String> restarted = List.of();
    volatile Document document = Document.FACTORY;
    volatile Optional<Document> previous = Optional.empty();
    volatile Optional<Verdict> verdict = Optional.empty();
    volatile boolean isChanging;

    @Override
    public Document document() {
        return document;
    }

    @Override
    public Optional<Document> previous() {
        return previous;
    }

    @Override
    public List<Part> factory() {
        return factory;
    }

    @Override
    public Map<String, Map<String, Object>> factoryConfigurations() {
        return factoryConfigurations;
    }

    @Override
    public List<Part> running() {
        return List.copyOf(under(document).values());
    }

    @Override
    public boolean isHeld(Bundle bundle) {
        throw new AssertionError(bundle);
    }

    @Override
    public Optional<Path> jar(String sha256) {
        return Optional.ofNullable(jars.get(sha256));
    }

    @Override
    public boolean isChanging() {
        if (isChanging) {
            askedWhileChanging.countDown();
        }
        return isChanging;
    }

    @Override
    public Plan plan(Document target) {
        Map<String, Part> now = under(document);
        Map<String, Part> then = under(target);
        List<Part> installed = new ArrayList<>();
        List<Part> updated = new ArrayList<>();
        then.forEach((name, part) -> {
            if (!now.containsKey(name)) {
                installed.add(part);
            } else if (!now.get(name).sha256().equals(part.sha256())) {
                updated.add(part);
            }
        });
        List<Part> removed = now.values().stream()
                .filter(part -> !then.containsKey(part.symbolicName()))
                .toList();
        return new Plan(installed, updated, removed, restarted, List.of());
    }

    @Override
    public void change(Document target, Duration deadline) {
        if (isChanging) {
            throw new IllegalStateException("a change goes on");
        }
        isChanging = true;
        changes.add(target);
    }

    @Override
    public Optional<Verdict> verdict() {
        return verdict;
    }

    /** The last change is proven and committed. */
    Verdict commit() {
        previous = Optional.of(document);
        document = changes.get(changes.size() - 1);
        return end(Verdict.State.APPLIED, "", "");
    }

    /** The last change is put back. */
    Verdict putBack() {
        return end(Verdict.State.ROLLED_BACK, "start-failed", "acme.app threw");
    }

    private Verdict end(Verdict.State state, String type, String detail) {
        Verdict ended = new Verdict(
                state,
                changes.get(changes.size() - 1).desired(),
                type,
                detail,
                List.of("acme.neighbour"),
                Duration.ofMillis(1500));
        verdict = Optional.of(ended);
        isChanging = false;
        return ended;
    }

    private Map<String, Part> under(Document over) {
        Map<String, Part> parts = new LinkedHashMap<>();
        factory.forEach(part -> parts.put(part.symbolicName(), part));
        over.parts().forEach(part -> parts.put(part.symbolicName(), part));
        return parts;
    }
}
