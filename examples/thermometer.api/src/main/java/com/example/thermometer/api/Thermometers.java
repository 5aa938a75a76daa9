package com.example.thermometer.api;

import java.io.IOException;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/** The thermometers of this machine, as a service. Thread-safe. */
@ProviderType
public interface Thermometers {
    /**
     * What each of them shows now, in degrees Celsius, by its serial number; takes up to a second for each. One that does not answer is
     * left out.
     *
     * @throws IOException where none can be asked
     */
    Map<String, Double> celsius() throws IOException;
}
