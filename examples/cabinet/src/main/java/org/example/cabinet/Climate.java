package org.example.cabinet;

import com.example.thermometer.api.Thermometers;
import io.gatehouse.api.telemetry.Collector;
import io.gatehouse.api.telemetry.Publishes;
import io.gatehouse.api.telemetry.Reading;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** How warm it is in the cabinet, by whatever thermometers another vendor's plug-in finds there, as long as there is one. */
@Component
@Publishes(topic = "cabinet/climate", period = "PT10S")
public final class Climate implements Collector {
    /**
     * Optional and dynamic: it may come late, go, and be another one later, and this component stays. Volatile, since that happens in
     * another thread than the one that reads.
     */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile Thermometers thermometers;

    @Activate
    public Climate() {}

    Climate(Thermometers thermometers) {
        this.thermometers = thermometers;
    }

    @Override
    public Reading read() throws IOException {
        Thermometers present = thermometers; // once: it may be another one, or none, the next moment
        Map<String, Double> celsius = present == null ? Map.of() : present.celsius();
        if (celsius.isEmpty()) {
            return Reading.of("thermometers", 0);
        }
        return Reading.of("thermometers", celsius.size()).with("celsius", Collections.max(celsius.values()));
    }
}
