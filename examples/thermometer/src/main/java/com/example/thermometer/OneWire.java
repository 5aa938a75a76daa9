package com.example.thermometer;

import com.example.thermometer.api.Thermometers;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Thermometers at a 1-Wire bus, such as the DS18B20, by the kernel's {@code w1_therm}. */
@Component(configurationPid = "com.example.thermometer")
public final class OneWire implements Thermometers {
    /** Of each kind that w1_therm knows, the number begins with its family. */
    private static final String KINDS = "{10,22,28,3b,42}-*";

    private final Path bus;

    /** What can be configured. */
    @interface Settings {
        String bus() default "/sys/bus/w1/devices";
    }

    @Activate
    public OneWire(Settings settings) {
        this(Path.of(settings.bus()));
    }

    OneWire(Path bus) {
        this.bus = bus;
    }

    @Override
    public Map<String, Double> celsius() throws IOException {
        Map<String, Double> celsius = new TreeMap<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(bus, KINDS)) {
            for (Path one : all) {
                // Empty where a checksum was wrong, and an error where somebody pulled its plug.
                try {
                    String millis = Files.readString(one.resolve("temperature")).strip();
                    celsius.put(one.getFileName().toString(), Integer.parseInt(millis) / 1000.0);
                } catch (IOException | NumberFormatException e) {
                    System.getLogger(OneWire.class.getName())
                            .log(System.Logger.Level.DEBUG, one + " does not answer", e);
                }
            }
        }
        return celsius;
    }
}
