package io.gatehouse.launcher;

import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway runs by: {@code conf/gateway.properties}, and over it the command line.
 *
 * @param home the image's folder
 * @param state what outlives the process
 * @param cache what does not
 * @param startDeadline for all bundles to start
 * @param settle how long a change must stay good before it is committed
 * @param probation for another runtime to prove itself, from its process's start; read by the supervising script too
 * @param properties every setting, as the framework's properties
 */
record Settings(
        Path home,
        Path state,
        Path cache,
        Duration startDeadline,
        Duration settle,
        Duration probation,
        Map<String, String> properties) {
    static final String BROKER = "gatehouse.broker";
    static final String DEVICE = "gatehouse.device";
    static final String PLACE = "gatehouse.place";
    static final String STATE = "gatehouse.state";
    static final String CACHE = "gatehouse.cache";
    static final String ARTIFACTS = "gatehouse.artifacts";
    static final String LICENSES = "gatehouse.licenses";
    static final String CLOCK = "gatehouse.clock";
    static final String START_DEADLINE = "gatehouse.start.deadline";
    static final String SETTLE = "gatehouse.settle";
    static final String PROBATION = "gatehouse.probation";
    static final String LOG_LEVEL = "gatehouse.log.level";

    private static final List<String> KNOWN = List.of("gatehouse.", "org.osgi.", "felix.", "ds.");

    /**
     * Reads and checks them.
     *
     * @param home the folder of what runs
     * @param image where {@code conf/gateway.properties} is
     * @param given from the command line; wins over the file
     */
    static Settings read(Path home, Path image, Map<String, String> given) throws Misuse {
        Path file = image.resolve("conf").resolve("gateway.properties");
        Map<String, String> all = new TreeMap<>();
        Properties inFile = load(file);
        for (String name : inFile.stringPropertyNames()) {
            put(all, name, inFile.getProperty(name), file.toString());
        }
        for (Map.Entry<String, String> one : given.entrySet()) {
            put(all, one.getKey(), one.getValue(), "the command line");
        }
        checkBroker(all.get(BROKER));
        Path state = path(STATE, all.getOrDefault(STATE, "/var/lib/gatehouse"));
        Path cache = path(CACHE, all.getOrDefault(CACHE, state.resolve("cache").toString()));
        if (all.containsKey(CLOCK)) {
            all.put(CLOCK, path(CLOCK, all.get(CLOCK)).toString());
        }
        all.put(STATE, state.toString());
        all.put(CACHE, cache.toString());
        all.put(ARTIFACTS, state.resolve("artifacts").toString());
        all.putIfAbsent(LICENSES, image.resolve("conf").resolve("licenses").toString());
        return new Settings(
                home,
                state,
                cache,
                duration(all, START_DEADLINE, Duration.ofSeconds(60)),
                duration(all, SETTLE, Duration.ofSeconds(1)),
                duration(all, PROBATION, Duration.ofSeconds(120)),
                all);
    }

    /** What bundles ask for the time: the machine's clock, or one that a test sets. */
    Clock clock() {
        String file = properties.get(CLOCK);
        return file == null ? Clock.systemUTC() : new OffsetClock(Clock.systemUTC(), Path.of(file));
    }

    private static Properties load(Path file) throws Misuse {
        Properties properties = new Properties();
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw new Misuse("cannot read " + file, e);
            }
        }
        return properties;
    }

    private static void put(Map<String, String> all, String name, String value, String where) throws Misuse {
        if (KNOWN.stream().noneMatch(name::startsWith)) {
            throw new Misuse("unknown setting in " + where + ": " + name + " (settings begin with "
                    + String.join(", ", KNOWN) + ")");
        }
        if (value.isBlank()) {
            all.remove(name);
        } else {
            all.put(name, value.strip());
        }
    }

    private static void checkBroker(@Nullable String broker) throws Misuse {
        if (broker == null) {
            return;
        }
        // whoever reads this on a screen or in a log is not to see a password
        String shown = broker.replaceFirst("^([A-Za-z]+://)?.*@", "$1***@");
        try {
            URI uri = new URI(broker);
            if (uri.getScheme() == null || uri.getHost() == null) {
                throw new Misuse(BROKER + " must be like tcp://broker.example.org:1883: " + shown);
            }
        } catch (URISyntaxException e) {
            throw new Misuse(BROKER + " must be like tcp://broker.example.org:1883: " + shown + ": " + e.getReason());
        }
    }

    private static Path path(String name, String value) throws Misuse {
        try {
            return Path.of(value).toAbsolutePath().normalize();
        } catch (java.nio.file.InvalidPathException e) {
            throw new Misuse(name + " must be a folder: " + value, e);
        }
    }

    private static Duration duration(Map<String, String> all, String name, Duration otherwise) throws Misuse {
        String value = all.get(name);
        if (value == null) {
            return otherwise;
        }
        try {
            Duration duration = Duration.parse(value);
            if (!duration.isNegative()) {
                return duration;
            }
        } catch (DateTimeException e) {
            throw new Misuse(name + " must be a duration such as PT30S: " + value);
        }
        throw new Misuse(name + " must not be negative: " + value);
    }
}
