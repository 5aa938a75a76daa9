package com.example.alarm;

import io.gatehouse.api.message.Outbox;
import io.gatehouse.api.store.Store;
import io.gatehouse.api.telemetry.Collector;
import io.gatehouse.api.telemetry.Reading;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Watches a number, and says when it is beyond a limit and when it is not any more: by its reading, which is sent when it changes, and by an event where
 * its vendor is granted the outbox. There is one of these for each configuration {@code com.example.alarm.Alarm~<name>}.
 */
@Component(
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true,
        property = "gatehouse.onChange:Boolean=true")
public final class Alarm implements Collector {
    private static final byte[] RAISED = {1};

    private final String topic;
    private final Gauge gauge;
    private final Rule rule;
    private final Watch watch;
    private final Store store;
    private Reading state = Reading.nothing();
    private boolean isUntold;

    /** Absent where the vendor is not granted it, and for a moment where another takes its place. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    volatile Outbox outbox;

    /** What a configuration says. */
    @interface Settings {
        /** Where its state is published, {@code alarm/<name>}. */
        String gatehouse_topic() default "";

        /** Where the number is. */
        String file() default "/proc/meminfo";

        /** What stands in the file before the number; nothing where that is its first word. */
        String after() default "";

        /** By what it is multiplied. */
        double scale() default 1;

        /** Beyond what it is raised: {@code above <number>} or {@code below <number>}. */
        String raise() default "";

        /** Beyond what it is cleared, on the other side. */
        String clear() default "";

        /** How long the number must be beyond a limit, ISO 8601. */
        String hold() default "PT0S";
    }

    /**
     * As it is configured, in the state in which it was before.
     *
     * @throws IllegalArgumentException where the configuration will not do; the message says what would
     */
    @Activate
    public Alarm(Settings settings, @Reference Store store) throws IOException {
        this(settings, store, System::nanoTime);
    }

    Alarm(Settings settings, Store store, LongSupplier nanoTime) throws IOException {
        this.topic = settings.gatehouse_topic();
        this.gauge = new Gauge(Path.of(settings.file()), settings.after(), settings.scale());
        this.rule = new Rule(
                Limit.read("raise", settings.raise()), Limit.read("clear", settings.clear()), hold(settings.hold()));
        this.store = store;
        this.watch = new Watch(rule, nanoTime, store.get(topic).isPresent());
    }

    private static Duration hold(String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("hold must be a duration such as PT30S: " + text, e);
        }
    }

    @Override
    public Reading read() throws IOException {
        double value = gauge.read();
        boolean isChanged = watch.changes(value);
        if (isChanged || state.isNothing()) {
            state = state(value);
        }
        isUntold |= isChanged;
        tell();
        if (isChanged) {
            keep();
        }
        return state;
    }

    /** With the value that made it so, and not each that comes after: only a change of it is news. */
    private Reading state(double value) {
        return Reading.of("state", watch.isRaised() ? "raised" : "cleared")
                .with("value", value)
                .with("raise", rule.raise().toString())
                .with("clear", rule.clear().toString());
    }

    /** An event is on flash when this returns, and goes before observations: it is not lost where the line is down for long. */
    private void tell() {
        Outbox to = outbox;
        if (isUntold && to != null) {
            Map<String, Object> event = new LinkedHashMap<>(Map.of("alarm", topic));
            event.putAll(state.values());
            try {
                to.event("alarm", event);
                isUntold = false;
            } catch (IllegalStateException e) {
                return; // another outbox takes its place: it is told at the next reading
            }
        }
    }

    /** Told first: where the power goes between, it is told twice, and never not at all. */
    private void keep() throws IOException {
        if (watch.isRaised()) {
            store.put(topic, RAISED);
        } else {
            store.remove(topic);
        }
        store.sync();
    }
}
