package io.gatehouse.launcher;

import io.gatehouse.software.Document;
import io.gatehouse.software.Part;
import io.gatehouse.software.Plan;
import io.gatehouse.software.Software;
import io.gatehouse.software.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;

/** The service. It hands on what is wished to the launcher's main thread and shows what came of it. */
final class RunningSoftware implements Software {
    private final Image image;
    private final Jars jars;
    private final Planner planner;
    private final Supplier<Optional<Document>> previous;
    private final Predicate<Bundle> held;
    private final BlockingQueue<Optional<Wish>> wishes = new LinkedBlockingQueue<>();
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile Document document;
    private volatile Optional<Verdict> verdict;

    /**
     * Shows what runs.
     *
     * @param previous reads the previous document, which may be another at each call
     * @param held whether a bundle is held to bounds
     */
    RunningSoftware(
            Image image,
            Jars jars,
            Planner planner,
            Supplier<Optional<Document>> previous,
            Predicate<Bundle> held,
            Document document,
            Optional<Verdict> verdict) {
        this.image = image;
        this.jars = jars;
        this.planner = planner;
        this.previous = previous;
        this.held = held;
        this.document = document;
        this.verdict = verdict;
    }

    /** A change that somebody wants. */
    record Wish(Document target, Duration deadline) {}

    @Override
    public Document document() {
        return document;
    }

    @Override
    public Optional<Document> previous() {
        return previous.get();
    }

    @Override
    public List<Part> factory() {
        return image.parts();
    }

    @Override
    public Map<String, Map<String, Object>> factoryConfigurations() {
        return image.configurations();
    }

    @Override
    public List<Part> running() {
        return image.under(document);
    }

    @Override
    public boolean isHeld(Bundle bundle) {
        return held.test(bundle);
    }

    @Override
    public Optional<Path> jar(String sha256) {
        return jars.find(sha256);
    }

    @Override
    public Plan plan(Document target) {
        return planner.plan(document, target);
    }

    @Override
    public void change(Document target, Duration deadline) {
        Set<String> names = new HashSet<>();
        for (Part part : target.parts()) {
            if (!names.add(part.symbolicName())) {
                throw new IllegalArgumentException("two parts are both " + part.symbolicName());
            }
        }
        if (!reserve()) {
            throw new IllegalStateException("a change goes on");
        }
        wishes.add(Optional.of(new Wish(target, deadline)));
    }

    @Override
    public boolean isChanging() {
        return busy.get();
    }

    @Override
    public Optional<Verdict> verdict() {
        return verdict;
    }

    /** Keeps changes from beginning; false where one goes on. */
    boolean reserve() {
        return busy.compareAndSet(false, true);
    }

    /** Changes may begin again. */
    void release() {
        busy.set(false);
    }

    /** Waits for a wish; nothing where the framework stops. */
    Optional<Wish> next() throws InterruptedException {
        return wishes.take();
    }

    void frameworkStops() {
        wishes.add(Optional.empty());
    }

    /** What bundles shall take for what runs from here on. */
    void shows(Document now) {
        document = now;
    }

    /** The change is over; the next may come. */
    void ended(Verdict how) {
        verdict = Optional.of(how);
        release();
    }
}
