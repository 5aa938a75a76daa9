package io.gatehouse.telemetry;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Constants;

/** By what its bundle registers a collector, again and again: what its service id is not. */
final class CollectorName {
    private CollectorName() {}

    /**
     * The name of its component; the PID where several configurations make it as often, and where a bundle registers it by
     * itself; otherwise its topic.
     */
    static String of(Function<String, @Nullable Object> properties) {
        Object component = properties.apply("component.name");
        Object pid = properties.apply(Constants.SERVICE_PID);
        if (component != null && (pid == null || properties.apply("service.factoryPid") == null)) {
            return component.toString();
        }
        return pid != null ? pid.toString() : "service for " + properties.apply("gatehouse.topic");
    }
}
