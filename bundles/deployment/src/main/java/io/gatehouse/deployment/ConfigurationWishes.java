package io.gatehouse.deployment;

import io.gatehouse.api.desired.Desired;
import io.gatehouse.api.desired.DesiredResource;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;

/** The resource {@code configuration}: what the fleet wants of single PIDs. It is one change with the features. */
@Component(
        service = {ConfigurationWishes.class, DesiredResource.class},
        property = "gatehouse.resource=" + Wish.CONFIGURATION)
public final class ConfigurationWishes implements DesiredResource {
    private volatile Optional<List<Desired>> all = Optional.empty();
    private volatile Runnable changed = () -> {};

    @Override
    public void desired(List<Desired> all) {
        this.all = Optional.of(List.copyOf(all));
        changed.run();
    }

    /** All that is wanted; nothing where nobody said so yet. */
    Optional<List<Desired>> all() {
        return all;
    }

    /** Calls this whenever something else is wanted, and nobody else. */
    void watch(Runnable changed) {
        this.changed = changed;
    }
}
