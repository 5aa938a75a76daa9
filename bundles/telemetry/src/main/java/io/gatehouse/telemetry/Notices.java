package io.gatehouse.telemetry;

import io.gatehouse.api.message.Outbox;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Tells, by log and event, how collectors fare. */
final class Notices {
    private static final Logger LOG = System.getLogger(Notices.class.getName());

    private final Exit exit;

    Notices(Exit exit) {
        this.exit = exit;
    }

    /** What became of a collector. */
    enum State {
        /** It is not run, for its properties or its bundle's number of collectors. */
        REFUSED,
        FAILING,
        RECOVERED,
        /** It is not run any more, for it does not stop. */
        QUARANTINED
    }

    /**
     * Says what became of a collector as soon as the exit sends: a log may block, and locks may be held here.
     *
     * @param cause empty where it recovered
     */
    void add(State state, String collector, Owner owner, String cause) {
        exit.put(outbox -> tell(outbox, state, collector, owner, cause));
    }

    private static void tell(Outbox outbox, State state, String collector, Owner owner, String cause) {
        String word = state.name().toLowerCase(Locale.ROOT);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("collector", collector);
        body.put("bundle", owner.symbolicName());
        body.put("version", owner.version());
        body.put("state", word);
        if (cause.isEmpty()) {
            LOG.log(Level.INFO, "collector {0} of {1} {2}", collector, owner, word);
        } else {
            body.put("cause", cause);
            LOG.log(Level.WARNING, "collector {0} of {1} {2}: {3}", collector, owner, word, cause);
        }
        outbox.event("collector", body);
    }
}
