package io.gatehouse.tasks.network;

import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.program.Ended;
import io.gatehouse.program.Program;
import io.gatehouse.tasks.time.Seconds;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Captures by {@code tcpdump}. It writes to a pipe and not to the file: so it may give its rights up, as Debian's does, and no packet beyond the
 * bounds gets to flash. The interface is not made to take what is not for this machine.
 */
final class Tcpdump {
    /** For how long the fleet may fetch what was captured. */
    static final Duration LIFE = Duration.ofDays(1);

    private static final Duration CHECK = Duration.ofSeconds(10);
    private static final Pattern DROPPED = Pattern.compile("(\\d{1,18}) packets? dropped by (?:kernel|interface)");

    private final Program program;
    private final String wire;
    private final String filter;

    /**
     * Where a capture ends at the latest.
     *
     * @param snap bytes of each packet
     */
    record Bounds(int packets, int seconds, long bytes, int snap) {
        static final int PACKETS = 1000;
        static final int SECONDS = 30;
        static final long BYTES = 1 << 20;
        /** Ethernet, IPv6 and what most protocols begin with. */
        static final int SNAP = 262;

        Bounds withBytes(long fewer) {
            return new Bounds(packets, seconds, fewer, snap);
        }
    }

    /** What came of it; a problem where nothing could be captured. */
    record Captured(Map<String, Object> told, Optional<String> problem) {}

    /** Keeps packets, and has the program end where the file is full, since packets may go on for ever. */
    private static final class Keeping implements Program.Output {
        private final PcapFile file;
        private final Bounds bounds;
        private final Invocation invocation;
        private final long began = System.nanoTime();
        private OptionalLong full = OptionalLong.empty();

        Keeping(OutputStream file, Bounds bounds, Invocation invocation) {
            this.file = new PcapFile(file, bounds.bytes());
            this.bounds = bounds;
            this.invocation = invocation;
        }

        @Override
        public void came(byte[] bytes, int length) throws IOException {
            if (!file.take(bytes, length)) {
                full = OptionalLong.of(System.nanoTime());
                return;
            }
            double ratio = Math.min(1, (double) file.packets() / bounds.packets());
            invocation.progress(ratio, file.packets() + " packets");
        }

        @Override
        public boolean isEnough() {
            return full.isPresent();
        }

        int packets() {
            return file.packets();
        }

        /** To the first packet that there was no room for, or to now. */
        long nanos() {
            return full.orElseGet(System::nanoTime) - began;
        }
    }

    /**
     * Captures at an interface.
     *
     * @param wire an interface's name, or {@code any}
     * @param filter in the language of pcap-filter(7); empty for all packets
     */
    Tcpdump(Program program, String wire, String filter) {
        this.program = program;
        this.wire = wire;
        this.filter = filter;
    }

    /** What tcpdump has against the filter, asked of it without capturing anything. */
    Optional<Outcome> objection() throws IOException, InterruptedException {
        Ended ended =
                program.with("-d", "-p", "-i", wire, "--", filter).within(CHECK).run();
        if (ended.isWell()) {
            return Optional.empty();
        }
        String said = ended.output().lastLine();
        String low = said.toLowerCase(Locale.ROOT);
        boolean isOfTheDevice =
                !ended.inTime() || low.contains("permi") || low.contains("device") || low.contains("interface");
        return Optional.of(
                isOfTheDevice
                        ? Outcome.failed("not-captured", "tcpdump at " + wire + " " + ended.words() + ": " + said)
                        : Outcome.refused("bad-filter", said + " (" + filter + ")"));
    }

    /** Captures until the first of the bounds is reached. */
    Captured capture(Path file, Bounds bounds, Invocation invocation) throws IOException, InterruptedException {
        Program capture = program.with("-i", wire, "-p", "-n", "-U", "--immediate-mode", "-w", "-")
                .with("-s", String.valueOf(bounds.snap()), "-c", String.valueOf(bounds.packets()), "--", filter)
                .within(Duration.ofSeconds(bounds.seconds()))
                .keeping(8 << 10)
                .errorsApart();
        invocation.progress(0, "capturing at " + wire);
        try (OutputStream out = Files.newOutputStream(file)) {
            Keeping keeping = new Keeping(out, bounds, invocation);
            Ended ended = capture.bytes(keeping);
            if (ended.inTime() && ended.code() != 0 && !keeping.isEnough()) {
                String words = "tcpdump at " + wire + " " + ended.words() + ": "
                        + ended.errors().lastLine();
                return new Captured(Map.of(), Optional.of(words));
            }
            return new Captured(told(keeping, ended), Optional.empty());
        }
    }

    private Map<String, Object> told(Keeping keeping, Ended ended) {
        String otherwise = ended.inTime() ? "packets" : "seconds";
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("interface", wire);
        told.put("filter", filter);
        told.put("packets", keeping.packets());
        dropped(ended.errors().text()).ifPresent(count -> told.put("dropped", count));
        told.put("seconds", Seconds.of(keeping.nanos()));
        told.put("endedBy", keeping.isEnough() ? "bytes" : otherwise);
        return told;
    }

    /** What the kernel and the interface had no room for. */
    static OptionalLong dropped(String text) {
        Matcher matcher = DROPPED.matcher(text);
        OptionalLong dropped = OptionalLong.empty();
        while (matcher.find()) {
            dropped = OptionalLong.of(dropped.orElse(0) + Long.parseLong(matcher.group(1)));
        }
        return dropped;
    }
}
