package io.gatehouse.telemetry;

import io.gatehouse.api.message.Outbox;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Tells, by log and event, how collectors fare. Collected under a lock, sent outside of it: a log may block. */
final class Notices {
    private static final Logger LOG = System.getLogger(Notices.class.getName());

    private final Outbox outbox;
    private final Queue<Notice> waiting = new ConcurrentLinkedQueue<>();

    Notices(Outbox outbox) {
        this.outbox = outbox;
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

    private record Notice(State state, String collector, Owner owner, String cause) {}

    /**
     * Keeps a notice until {@link #send}.
     *
     * @param cause empty where it recovered
     */
    void add(State state, String collector, Owner owner, String cause) {
        waiting.add(new Notice(state, collector, owner, cause));
    }

    void send() {
        for (Notice notice = waiting.poll(); notice != null; notice = waiting.poll()) {
            send(notice);
        }
    }

    private void send(Notice notice) {
        String state = notice.state().name().toLowerCase(Locale.ROOT);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("collector", notice.collector());
        body.put("bundle", notice.owner().symbolicName());
        body.put("version", notice.owner().version());
        body.put("state", state);
        if (notice.cause().isEmpty()) {
            LOG.log(Level.INFO, "collector {0} of {1} {2}", notice.collector(), notice.owner(), state);
        } else {
            body.put("cause", notice.cause());
            LOG.log(
                    Level.WARNING,
                    "collector {0} of {1} {2}: {3}",
                    notice.collector(),
                    notice.owner(),
                    state,
                    notice.cause());
        }
        outbox.event("collector", body);
    }
}
