package io.gatehouse.transport.mqtt;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the broker's session is known to hold for this endpoint, and what it refuses to hold. Whoever uses it holds a lock. */
final class Subscriptions {
    private static final Logger LOG = System.getLogger(Subscriptions.class.getName());
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final String broker;
    private final Set<String> held = new HashSet<>();
    private final Set<String> refused = new HashSet<>();
    private Duration pause = FIRST;

    /**
     * None so far.
     *
     * @param broker its address, for whoever reads a message
     */
    Subscriptions(String broker) {
        this.broker = broker;
    }

    boolean areNone() {
        return held.isEmpty();
    }

    /** The session is gone. */
    void forget() {
        held.clear();
    }

    List<String> missing(List<String> filters) {
        List<String> missing = new ArrayList<>(filters);
        missing.removeAll(held);
        return missing;
    }

    /**
     * The broker answered.
     *
     * @param refusals why, by filter; the others are held
     * @return after which pause to ask again for those that are not
     */
    Optional<Duration> answered(List<String> filters, Map<String, String> refusals) {
        for (String filter : filters) {
            String why = refusals.get(filter);
            if (why == null) {
                held.add(filter);
                if (refused.remove(filter)) {
                    LOG.log(Level.INFO, "{0} now takes the subscription to {1}", broker, filter);
                }
            } else if (refused.add(filter)) {
                LOG.log(Level.ERROR, "{0}; what is published there does not arrive", refusal(filter, why));
            }
        }
        if (refusals.isEmpty()) {
            pause = FIRST;
            return Optional.empty();
        }
        Duration next = pause;
        pause = pause.multipliedBy(2).compareTo(LONGEST) < 0 ? pause.multipliedBy(2) : LONGEST;
        return Optional.of(next);
    }

    String refusal(String filter, String why) {
        return broker + " refuses the subscription to " + filter + ": " + why;
    }
}
