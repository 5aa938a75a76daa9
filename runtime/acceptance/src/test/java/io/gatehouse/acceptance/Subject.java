package io.gatehouse.acceptance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A broker that the core story is told at: one of those that the tests start, or whichever one names. */
record Subject(String name, Optional<Factory> factory) {
    /** {@code -Dbrokers.only=moquette} tells it there alone, and {@code -Dgatehouse.test.broker=tcp://host:1883} at that one. */
    private static final Optional<Access> NAMED = Optional.ofNullable(System.getProperty("gatehouse.test.broker"))
            .filter(text -> !text.isBlank())
            .map(address -> Access.named(address, System.getenv()));

    private static final String ONLY = System.getProperty("brokers.only", "");

    interface Factory {
        BrokerProcess in(Path directory) throws IOException;
    }

    static List<Subject> all() throws IOException, InterruptedException {
        if (NAMED.isPresent()) {
            return List.of(new Subject(NAMED.get().address().toString(), Optional.empty()));
        }
        List<Subject> all = new ArrayList<>();
        if (Mosquitto.isInstalled()) {
            all.add(new Subject("mosquitto " + mosquittoVersion(), Optional.of(Mosquitto::persistent)));
        }
        all.add(new Subject("Artemis " + JarPath.ofTests().version("artemis-server"), Optional.of(Artemis::new)));
        all.add(new Subject("HiveMQ CE " + HiveMq.version(), Optional.of(HiveMq::new)));
        all.add(new Subject("moquette " + Moquette.version(), Optional.of(Moquette::new)));
        return all.stream().filter(subject -> subject.name().startsWith(ONLY)).toList();
    }

    /** Where it is, if the tests do not start it themselves. */
    static Optional<Access> named() {
        return NAMED;
    }

    /** Whether the story is told at all brokers that the tests start. */
    static boolean areAll() {
        return NAMED.isEmpty() && ONLY.isEmpty() && Mosquitto.isInstalled();
    }

    private static String mosquittoVersion() throws IOException, InterruptedException {
        try (Child help = Child.start(List.of(Mosquitto.PROGRAM.toString(), "-h"))) {
            help.awaitEnd();
            String line = help.awaitLine(text -> text.contains("version"), java.time.Duration.ofSeconds(10));
            Matcher version = Pattern.compile("version (\\S+)").matcher(line);
            if (!version.find()) {
                throw new AssertionError("no version: " + line);
            }
            return version.group(1);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
