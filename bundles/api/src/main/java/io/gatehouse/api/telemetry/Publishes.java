package io.gatehouse.api.telemetry;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * Where and how often a {@link Collector} is published. Each member is a service property under {@code gatehouse.} and so
 * can be changed on a running device by a configuration of the component's name, for example
 * {@code {"com.acme.board.Temperature":{"gatehouse.period":"PT5S"}}}.
 */
@ComponentPropertyType
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface Publishes {
    /** What the names of the members begin with as service properties. */
    String PREFIX_ = "gatehouse.";

    /** {@code <area>/<name>}, below the device's own name; for example {@code hardware/temperature}. */
    String topic();

    /** Time from one reading to the next, ISO 8601; at least {@code PT0.1S}. */
    String period() default "PT60S";

    /** Time that one reading may take, ISO 8601; at most the period counts. */
    String deadline() default "PT5S";

    /**
     * Whether a reading is sent only when it differs from the last one sent; one in an hour is sent all the same, so that
     * silence is never mistaken for health.
     */
    boolean onChange() default false;

    /** With {@link #onChange}: how far, in the value's own unit, a number may move without counting as a change. */
    double deadBand() default 0.0;

    /** Whether it is also published at the device's place, as {@code <place>/<name>}. */
    boolean atPlace() default false;
}
