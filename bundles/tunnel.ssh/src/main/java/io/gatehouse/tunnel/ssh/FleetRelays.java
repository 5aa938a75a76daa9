package io.gatehouse.tunnel.ssh;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.api.desired.DesiredResource;
import io.gatehouse.protocol.trust.Relay;
import io.gatehouse.protocol.trust.TrustDocument;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.service.component.annotations.Component;

/** Which relays the fleet names, and by which keys: the resource {@code trust}, which {@code dispatch} answers for. */
@Component(
        service = {FleetRelays.class, DesiredResource.class},
        property = "gatehouse.resource=trust")
public final class FleetRelays implements DesiredResource {
    private volatile Optional<Desired> inForce = Optional.empty();

    @Override
    public void desired(List<Desired> all) {
        inForce = TrustDocument.inForce(all);
    }

    /**
     * The keys by which a relay is known.
     *
     * @param hostKey what the command names
     * @throws Stopped as {@code unknown-relay}, {@code wrong-host-key} or {@code no-host-key}
     */
    Set<Fingerprint> pinned(HostPort relay, Optional<Fingerprint> hostKey) throws Stopped {
        Map<HostPort, Set<Fingerprint>> named = named();
        if (named.isEmpty()) {
            return Set.of(hostKey.orElseThrow(() -> new Stopped(
                    "no-host-key",
                    "the trust document names no relays, so the command must have the hostKey of " + relay
                            + "; ssh-keygen -lf prints it at the relay")));
        }
        Set<Fingerprint> keys = named.get(relay);
        if (keys == null) {
            throw new Stopped(
                    "unknown-relay",
                    "the trust document names relays, and " + relay + " is none of them: " + named.keySet());
        }
        if (hostKey.isEmpty()) {
            return keys;
        }
        if (!keys.contains(hostKey.get())) {
            throw new Stopped(
                    "wrong-host-key",
                    hostKey.get() + " is not a key that the trust document pins for " + relay + ": " + keys);
        }
        return Set.of(hostKey.get());
    }

    /** A document that cannot be read may name relays, so nothing goes by it. */
    private Map<HostPort, Set<Fingerprint>> named() throws Stopped {
        Map<HostPort, Set<Fingerprint>> named = new LinkedHashMap<>();
        try {
            for (Relay relay :
                    inForce.map(TrustDocument::read).map(TrustDocument::relays).orElse(List.of())) {
                Set<Fingerprint> keys =
                        named.computeIfAbsent(HostPort.parse(relay.address()), e -> new LinkedHashSet<>());
                relay.hostKeys().forEach(key -> keys.add(new Fingerprint(key)));
            }
        } catch (BadArgument e) {
            throw new Stopped("bad-trust", "cannot read the trust document: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new Stopped("bad-trust", "cannot read a relay of the trust document: it " + e.getMessage(), e);
        }
        return named;
    }
}
