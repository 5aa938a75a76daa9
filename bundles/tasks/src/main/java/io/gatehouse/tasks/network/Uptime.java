package io.gatehouse.tasks.network;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.StringTokenizer;
import java.util.function.LongSupplier;

/** How long this process has been running, whatever was done to the clock meanwhile. */
final class Uptime {
    /** Of the kernel's towards programs, on every machine that Java runs on. */
    private static final double TICKS_PER_SECOND = 100;

    /** The process' start is the 22nd word, and the 20th behind the program's name, which may have blanks itself. */
    private static final int START = 20;

    private final Path proc;
    private final LongSupplier nanoTime;
    private final long made;

    Uptime(Path proc, LongSupplier nanoTime) {
        this.proc = proc;
        this.nanoTime = nanoTime;
        this.made = nanoTime.getAsLong();
    }

    /** Seconds since the process started; where there is no proc, since this was made. */
    double seconds() {
        try {
            double now = Double.parseDouble(new StringTokenizer(text(proc.resolve("uptime"))).nextToken());
            String stat = text(proc.resolve("self/stat"));
            StringTokenizer words = new StringTokenizer(stat.substring(stat.lastIndexOf(')') + 1));
            for (int skipped = 1; skipped < START; skipped++) {
                words.nextToken();
            }
            double started = Long.parseLong(words.nextToken()) / TICKS_PER_SECOND;
            return rounded(now - started);
        } catch (IOException e) {
            return rounded((nanoTime.getAsLong() - made) / 1e9);
        }
    }

    private static double rounded(double seconds) {
        return Math.round(seconds * 100) / 100.0;
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }
}
