package io.gatehouse.api.telemetry;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.annotation.bundle.Attribute;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * Where and how often a {@link Collector} is published. Each member is a service property under {@code gatehouse.} and so
 * can be changed on a running device by a configuration of the component's name, for example
 * {@code {"com.acme.board.Temperature":{"gatehouse.period":"PT5S"}}}.
 *
 * <p>A bundle publishes only at topics that its manifest declares, as bnd writes it there for each of these annotations. For further
 * ones, which only configurations name, declare them by hand: {@code Provide-Capability: io.gatehouse.publishes;topic="modbus/#"}.
 */
@Capability(namespace = Publishes.NAMESPACE)
@ComponentPropertyType
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface Publishes {
    /** What the names of the members begin with as service properties. */
    String PREFIX_ = "gatehouse.";

    /** The capability by which a manifest declares, as {@code topic}, where its bundle publishes. */
    String NAMESPACE = "io.gatehouse.publishes";

    /** {@code <area>/<name>}, below the device's own name; for example {@code hardware/temperature}. */
    @Attribute("topic")
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
