package com.example.hostile;

import io.gatehouse.api.telemetry.Collector;
import io.gatehouse.api.telemetry.Reading;
import org.osgi.service.component.annotations.Component;

/** Publishes where it did not say that it would, as if it were the gateway's own collector. */
@Component(property = {"gatehouse.topic=hardware/cpu", "gatehouse.period=PT0.5S"})
public final class FalseProcessor implements Collector {
    @Override
    public Reading read() {
        return Reading.of("by", "hostile");
    }
}
