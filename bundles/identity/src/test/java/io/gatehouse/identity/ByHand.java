package io.gatehouse.identity;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A clock and a timer that a test moves. */
final class ByHand extends Clock implements Timer {
    private final List<Task> tasks = new ArrayList<>();
    private Instant now;
    private long nanos = Long.MAX_VALUE - 5;

    private record Task(Instant at, Runnable action) {}

    ByHand(Instant now) {
        this.now = now;
    }

    /** The clock shows another time, and no time passed. */
    void set(Instant shown) {
        List<Task> moved = tasks.stream()
                .map(task -> new Task(task.at().plus(Duration.between(now, shown)), task.action()))
                .toList();
        tasks.clear();
        tasks.addAll(moved);
        now = shown;
    }

    /** Time passes, and what is due is run. */
    void pass(Duration duration) {
        Instant end = now.plus(duration);
        while (true) {
            Task first = tasks.stream().min(Comparator.comparing(Task::at)).orElse(null);
            if (first == null || first.at().isAfter(end)) {
                moveTo(end);
                return;
            }
            tasks.remove(first);
            moveTo(first.at().isAfter(now) ? first.at() : now);
            first.action().run();
        }
    }

    /** How much time passed, as {@link System#nanoTime}. */
    long nanos() {
        return nanos;
    }

    private void moveTo(Instant then) {
        nanos += Duration.between(now, then).toNanos();
        now = then;
    }

    @Override
    public Runnable after(Duration delay, Runnable action) {
        Task task = new Task(now.plus(delay), action);
        tasks.add(task);
        return () -> tasks.remove(task);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
