package io.gatehouse.tasks.network;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** By the system's {@code ping}, of iputils or busybox. */
final class ProgramEcho implements Echo {
    /** Time beyond the sum of all timeouts after which it is given up. */
    private static final Duration SPARE = Duration.ofSeconds(5);

    private final Path program;

    ProgramEcho(Path program) {
        this.program = program;
    }

    @Override
    public Result measure(InetAddress address, int count, Duration timeout, Progress progress)
            throws IOException, InterruptedException {
        long wholeSeconds = Math.max(1, timeout.plusMillis(999).toSeconds());
        ProcessBuilder builder = new ProcessBuilder(
                program.toString(),
                "-c",
                String.valueOf(count),
                "-W",
                String.valueOf(wholeSeconds),
                address.getHostAddress());
        builder.environment().put("LC_ALL", "C");
        builder.redirectErrorStream(true);
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            Duration most = Duration.ofSeconds(count * (wholeSeconds + 1)).plus(SPARE);
            return read(lines(process), count, timeout, progress, System.nanoTime() + most.toNanos());
        } finally {
            process.destroyForcibly();
        }
    }

    /** The lines as they come, and an end. Reading a pipe cannot be interrupted, waiting for a queue can. */
    private static BlockingQueue<Optional<String>> lines(Process process) {
        BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();
        Thread reader = new Thread(
                () -> {
                    try (BufferedReader output = process.inputReader()) {
                        for (String line = output.readLine(); line != null; line = output.readLine()) {
                            lines.add(Optional.of(line));
                        }
                    } catch (IOException e) {
                        lines.add(Optional.of("cannot read what it says: " + e.getMessage()));
                    } finally {
                        lines.add(Optional.empty());
                    }
                },
                "ping-output");
        reader.setDaemon(true);
        reader.start();
        return lines;
    }

    private Result read(
            BlockingQueue<Optional<String>> lines, int count, Duration timeout, Progress progress, long until)
            throws IOException, InterruptedException {
        List<Double> seconds = new ArrayList<>();
        int sent = 0;
        String last = "";
        while (true) {
            Optional<String> line = lines.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (line == null) {
                return new Result(Math.max(sent, count), seconds);
            }
            if (line.isEmpty()) {
                break;
            }
            last = line.get().isBlank() ? last : line.get();
            sent = Math.max(sent, transmitted(line.get()));
            OptionalDouble reply = reply(line.get());
            if (reply.isPresent() && reply.getAsDouble() <= timeout.toNanos() / 1e9) {
                seconds.add(reply.getAsDouble());
                progress.replied(seconds.size(), reply.getAsDouble());
            }
        }
        if (sent == 0) {
            throw new IOException(program + " sent nothing: " + last);
        }
        return new Result(sent, seconds);
    }

    /** The time of a reply: {@code 64 bytes from 10.0.0.1: seq=0 ttl=64 time=0.123 ms}. */
    static OptionalDouble reply(String line) {
        int at = line.indexOf("time=");
        int end = line.indexOf(" ms", at);
        if (at < 0 || end < 0) {
            return OptionalDouble.empty();
        }
        try {
            double millis = Double.parseDouble(line.substring(at + "time=".length(), end));
            return OptionalDouble.of(Math.round(millis * 1000) / 1e6);
        } catch (NumberFormatException e) {
            return OptionalDouble.empty();
        }
    }

    /** The number in {@code 3 packets transmitted, 3 received, …}; 0 in any other line. */
    static int transmitted(String line) {
        int end = line.indexOf(" packets transmitted");
        try {
            return end < 0 ? 0 : Integer.parseInt(line.substring(0, end).strip());
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
