package io.gatehouse.licensing;

import io.gatehouse.api.desired.Desired;
import io.gatehouse.api.desired.DesiredResource;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Whom the fleet trusts, as far as licenses are concerned: the resource {@code trust}, which {@code dispatch} answers for. */
@Component(property = "gatehouse.resource=trust")
public final class LicenseTrust implements DesiredResource {
    private final Licensing licensing;

    @Activate
    public LicenseTrust(@Reference Licensing licensing) {
        this.licensing = licensing;
    }

    @Override
    public void desired(List<Desired> all) {
        licensing.trust(all);
    }
}
