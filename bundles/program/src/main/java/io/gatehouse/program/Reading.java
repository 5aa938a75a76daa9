package io.gatehouse.program;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleConsumer;

/** Looks now and then how much of a file a process has read, which it tells nobody itself: the kernel knows the place at which it reads next. */
final class Reading implements Program.Output {
    private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(500);
    private static final String PLACE = "pos:";

    private final Path process;
    private final Path file;
    private final DoubleConsumer each;
    private long looked = System.nanoTime() - PERIOD;
    private double told = -1;

    /**
     * Of a process.
     *
     * @param process its folder in {@code /proc}
     */
    Reading(Path process, Path file, DoubleConsumer each) {
        this.process = process;
        this.file = file;
        this.each = each;
    }

    @Override
    public void came(byte[] bytes, int length) {
        idle();
    }

    @Override
    public void idle() {
        if (System.nanoTime() - looked < PERIOD) {
            return;
        }
        looked = System.nanoTime();
        double ratio = read();
        if (ratio > told) {
            told = ratio;
            each.accept(ratio);
        }
    }

    /** How much, 0 to 1; less than 0 where that cannot be seen. */
    private double read() {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(process.resolve("fd"))) {
            Path wanted = file.toRealPath();
            for (Path descriptor : open) {
                if (Files.readSymbolicLink(descriptor).equals(wanted)) {
                    return Math.min(1, place(descriptor) / (double) Math.max(1, Files.size(wanted)));
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // It ended, or closed what was looked at: nothing to be told any more, and no reason to end it.
        }
        return -1;
    }

    private long place(Path descriptor) throws IOException {
        String info = Files.readString(process.resolve("fdinfo").resolve(descriptor.getFileName()));
        return info.lines()
                .filter(line -> line.startsWith(PLACE))
                .mapToLong(line -> Long.parseLong(line.substring(PLACE.length()).strip()))
                .findFirst()
                .orElse(0);
    }
}
