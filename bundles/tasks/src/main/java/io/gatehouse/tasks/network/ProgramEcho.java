package io.gatehouse.tasks.network;

import io.gatehouse.program.Ended;
import io.gatehouse.program.Program;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** By the system's {@code ping}, of iputils or busybox. */
final class ProgramEcho implements Echo {
    /** Time beyond the sum of all timeouts after which it is given up. */
    private static final Duration SPARE = Duration.ofSeconds(5);

    private final Program program;

    ProgramEcho(Program program) {
        this.program = program;
    }

    @Override
    public Result measure(InetAddress address, int count, Duration timeout, Progress progress)
            throws IOException, InterruptedException {
        long wholeSeconds = Math.max(1, timeout.plusMillis(999).toSeconds());
        Program ping = program.with(
                        "-c", String.valueOf(count), "-W", String.valueOf(wholeSeconds), address.getHostAddress())
                .within(Duration.ofSeconds(count * (wholeSeconds + 1)).plus(SPARE));
        List<Double> seconds = new ArrayList<>();
        int[] sent = {0};
        Ended ended = ping.lines(line -> {
            sent[0] = Math.max(sent[0], transmitted(line));
            OptionalDouble reply = reply(line);
            if (reply.isPresent() && reply.getAsDouble() <= timeout.toNanos() / 1e9) {
                seconds.add(reply.getAsDouble());
                progress.replied(seconds.size(), reply.getAsDouble());
            }
        });
        if (sent[0] == 0 && ended.inTime()) {
            throw new IOException(
                    ping.command().get(0) + " sent nothing: " + ended.output().lastLine());
        }
        return new Result(sent[0] == 0 ? count : sent[0], seconds);
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
