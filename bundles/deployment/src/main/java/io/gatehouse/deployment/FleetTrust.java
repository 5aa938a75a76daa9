package io.gatehouse.deployment;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.api.desired.DesiredResource;
import io.gatehouse.protocol.trust.TrustDocument;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;

/** Whom the fleet trusts, as far as bundles are concerned: the resource {@code trust}, which {@code dispatch} answers for. */
@Component(
        service = {FleetTrust.class, DesiredResource.class},
        property = "gatehouse.resource=trust")
public final class FleetTrust implements DesiredResource {
    private static final System.Logger LOG = System.getLogger(FleetTrust.class.getName());

    private volatile Optional<Desired> inForce = Optional.empty();
    private volatile Runnable changed = () -> {};

    @Override
    public void desired(List<Desired> all) {
        inForce = TrustDocument.inForce(all);
        changed.run();
    }

    /** The trust document; nothing before the first. It is read each time: that is seldom, and it is not small. */
    Optional<TrustDocument> document() {
        try {
            return inForce.map(TrustDocument::read);
        } catch (BadArgument e) {
            LOG.log(System.Logger.Level.ERROR, "cannot read the trust document", e);
            return Optional.empty();
        }
    }

    /** Calls this whenever another document counts, and nobody else. */
    void watch(Runnable changed) {
        this.changed = changed;
    }
}
