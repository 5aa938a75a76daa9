package com.example.modbus;

import io.gatehouse.api.telemetry.Collector;
import io.gatehouse.api.telemetry.Reading;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Reads registers of one Modbus TCP device: there is one of these for each configuration {@code com.example.modbus.ModbusDevice~<name>}, as long as the
 * license is there. It is made at once, and not when it is first asked: so a configuration that will not do is known, and the change that brought it
 * put back with the reason.
 */
@Component(
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true,
        property = "osgi.ds.satisfying.condition.target=" + Targets.LICENSE)
public final class ModbusDevice implements Collector {
    private final Targets targets;
    private final Line line;
    private final List<Span> spans;
    private final long nanosToAnswer;

    /** What a configuration says, beside {@code gatehouse.topic}. */
    @interface Settings {
        /** Its address, by numbers. */
        String host() default "";

        int port() default 502;

        /** The device's number behind a gateway to a serial line; what is no gateway mostly takes any. */
        int unit() default 1;

        /** What is read, each {@code "<name> <table> <address> <type>"} and options, as {@link RegisterParser} has them. */
        String[] registers() default {};

        /** How many registers between two may be read for nothing, where that saves a request; some devices refuse to be asked for what they have not. */
        int gap() default 0;

        String gatehouse_period() default "PT60S";

        String gatehouse_deadline() default "PT5S";
    }

    /**
     * As it is configured. Nothing is connected before the first reading.
     *
     * @throws IllegalArgumentException where that will not do; the message says what would
     */
    @Activate
    public ModbusDevice(Settings settings, @Reference Targets targets) {
        this.spans = Span.covering(
                RegisterParser.parse(settings.registers()), within("gap", settings.gap(), 0, Span.LONGEST));
        this.line = new Line(
                Address.of(settings.host()),
                within("port", settings.port(), 1, 65535),
                within("unit", settings.unit(), 0, 255));
        this.nanosToAnswer = TimeToAnswer.nanos(settings.gatehouse_period(), settings.gatehouse_deadline());
        this.targets = targets;
        targets.enter(this);
    }

    @Deactivate
    void close() {
        targets.leave(this);
        line.close();
    }

    @Override
    public Reading read() throws IOException {
        targets.check(this);
        long end = System.nanoTime() + nanosToAnswer;
        Reading reading = Reading.nothing();
        for (Span span : spans) {
            int[] words = line.read(span, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()));
            for (Map.Entry<String, Map<String, Object>> value :
                    span.values(words).entrySet()) {
                reading = reading.with(value.getKey(), value.getValue());
            }
        }
        return reading;
    }

    @Override
    public String toString() {
        return line.toString();
    }

    private static int within(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " must be from " + least + " to " + most + ": " + value);
        }
        return value;
    }
}
