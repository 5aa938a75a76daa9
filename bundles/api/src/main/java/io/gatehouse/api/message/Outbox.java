package io.gatehouse.api.message;

import java.time.Instant;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The one door out. What is put here leaves through whichever transport there is, in order per kind, observations in order per
 * topic, and is forgotten when the broker acknowledged it. Replies and reports go before events, events before observations; where
 * room runs out the oldest observations are dropped and counted.
 *
 * <p>Replies, reports and events are on flash when the call returns; they outlive the process, with the {@code boot} and
 * {@code seq} that they have. An observation is in memory for some seconds, a setting, and only then on flash, if it still waits: that
 * call does not wait for flash unless that setting is 0. Where flash cannot be written all go on in memory, as far as there is room.
 *
 * <p>Bodies are JSON objects as in {@link io.gatehouse.api.telemetry.Reading}; {@code at} is added to each, and {@code device},
 * {@code boot} and {@code seq} as user properties. Every call throws {@link IllegalStateException} when another outbox has
 * taken the place of this one: the message belongs there.
 */
@ProviderType
public interface Outbox {
    /**
     * An observation.
     *
     * @param topic {@code <area>/<name>}, below the device's own name
     * @param at when it was read
     * @param alsoAtPlace whether it is published at the device's place too
     */
    void observation(String topic, Instant at, Map<String, ?> body, boolean alsoAtPlace);

    /** An event at {@code D/event/<name>}. */
    void event(String name, Map<String, ?> body);

    /** A report at {@code D/reported/<resource>}, retained; it replaces an older one of the same resource that waits. */
    void report(String resource, Map<String, ?> body);

    /**
     * A reply or request, whole as it is but for {@code device} and {@code boot}. In memory only, and leaving before all else, is
     * what is neither retained nor at {@code reply/}, or expires within 10 s. Expiry counts while it waits, but not while no
     * process runs: it begins anew with the next, for a device may not know the time.
     */
    void send(Message message);
}
