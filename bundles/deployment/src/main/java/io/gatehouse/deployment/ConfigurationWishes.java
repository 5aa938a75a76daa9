package io.gatehouse.deployment;

import io.gatehouse.api.desired.Desired;
import io.gatehouse.api.desired.DesiredResource;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The resource {@code configuration}: what the fleet wants of single PIDs. It is one change with the features. */
@Component(property = "gatehouse.resource=" + Wish.CONFIGURATION)
public final class ConfigurationWishes implements DesiredResource {
    private final Deployment deployment;

    @Activate
    public ConfigurationWishes(@Reference Deployment deployment) {
        this.deployment = deployment;
    }

    @Override
    public void desired(List<Desired> all) {
        deployment.configurations(all);
    }
}
