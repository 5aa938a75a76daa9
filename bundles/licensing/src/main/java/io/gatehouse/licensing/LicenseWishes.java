package io.gatehouse.licensing;

import io.gatehouse.api.desired.Desired;
import io.gatehouse.api.desired.DesiredResource;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The resource {@code license}: the licenses that somebody brought. */
@Component(property = "gatehouse.resource=license")
public final class LicenseWishes implements DesiredResource {
    private final Licensing licensing;

    @Activate
    public LicenseWishes(@Reference Licensing licensing) {
        this.licensing = licensing;
    }

    @Override
    public void desired(List<Desired> all) {
        licensing.licenses(all);
    }
}
