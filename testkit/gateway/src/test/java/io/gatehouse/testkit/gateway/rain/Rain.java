package io.gatehouse.testkit.gateway.rain;

import io.gatehouse.api.telemetry.Collector;
import io.gatehouse.api.telemetry.Publishes;
import io.gatehouse.api.telemetry.Reading;
import java.time.Clock;
import java.util.Map;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Says what time it is, and which version of it says so. */
@Component
@Publishes(topic = "rain/rain", period = "PT0.5S")
public final class Rain implements Collector {
    private final Clock clock;

    @Activate
    public Rain(@Reference Clock clock) {
        this.clock = clock;
    }

    @Override
    public Reading read() {
        int version = FrameworkUtil.getBundle(Rain.class).getVersion().getMajor();
        return Reading.of(Map.of("version", version, "second", clock.instant().getEpochSecond()));
    }
}
