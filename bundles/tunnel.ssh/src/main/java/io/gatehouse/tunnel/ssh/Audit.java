package io.gatehouse.tunnel.ssh;

import io.gatehouse.api.message.Outbox;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Tells the fleet who opened what to where, and what became of it. */
final class Audit {
    private static final Logger LOG = System.getLogger(Audit.class.getName());

    private final Outbox outbox;

    Audit(Outbox outbox) {
        this.outbox = outbox;
    }

    /**
     * On whose behalf.
     *
     * @param command its identity
     * @param by the signer's {@code kid}; nothing where commands are not signed
     */
    record Origin(String command, Optional<String> by) {}

    void tell(String state, String id, Order order, Origin origin, Traffic traffic, Optional<String> reason) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("state", state);
        event.put("id", id);
        event.put("relay", order.relay().toString());
        event.put("target", order.target().toString());
        origin.by().ifPresent(by -> event.put("by", by));
        event.put("command", origin.command());
        event.put("received", traffic.received());
        event.put("sent", traffic.sent());
        reason.ifPresent(why -> event.put("reason", why));
        LOG.log(Level.INFO, "tunnel {0}", event);
        try {
            outbox.event("tunnel", event);
        } catch (IllegalStateException e) { // another outbox took its place, and this bundle is about to follow
            LOG.log(Level.WARNING, "cannot tell that a tunnel is " + state, e);
        }
    }
}
