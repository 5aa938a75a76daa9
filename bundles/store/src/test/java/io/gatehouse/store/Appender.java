package io.gatehouse.store;

import io.gatehouse.api.store.Line;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;

/**
 * A process of its own that appends records to two lines, removes the oldest of one, counts in a value, and says on its standard
 * output what was synced: {@code <kept from> <kept to> <counted>.}
 */
final class Appender {
    static final int KEPT = 300;

    private Appender() {}

    static Process start(Path folder) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx32m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Appender.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
    }

    public static void main(String[] args) throws IOException {
        Limits limits = Limits.of(Shares.of(1 << 20, 700 << 10), 10);
        Depot depot = Depot.open(Path.of(args[0]), limits, Later.ofJava(), new Random());
        BundleStore store = new BundleStore(depot, WithDepot.BUNDLE);
        Line line = store.line("observations");
        Line events = store.line("events");
        Random random = new Random();
        long last = 0;
        for (long counted = 1; ; counted++) {
            for (int left = 1 + random.nextInt(40); left > 0; left--) {
                last = line.append(WithDepot.record(last + 1));
            }
            events.append(WithDepot.record(counted));
            store.put("counted", Long.toString(counted).getBytes());
            shorten(line);
            shorten(events);
            store.sync();
            System.out.println(line.next(0).orElseThrow() + " " + last + " " + counted + ".");
        }
    }

    private static void shorten(Line line) {
        while (line.count() > KEPT) {
            line.remove(line.next(0).orElseThrow());
        }
    }
}
