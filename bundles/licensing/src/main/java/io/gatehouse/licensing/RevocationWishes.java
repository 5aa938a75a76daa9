package io.gatehouse.licensing;

import io.gatehouse.api.desired.Desired;
import io.gatehouse.api.desired.DesiredResource;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The resource {@code revocation}: the lists of licenses that their issuers took back. */
@Component(property = "gatehouse.resource=revocation")
public final class RevocationWishes implements DesiredResource {
    private final Licensing licensing;

    @Activate
    public RevocationWishes(@Reference Licensing licensing) {
        this.licensing = licensing;
    }

    @Override
    public void desired(List<Desired> all) {
        licensing.revocations(all);
    }
}
