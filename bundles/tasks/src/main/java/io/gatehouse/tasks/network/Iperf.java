package io.gatehouse.tasks.network;

import io.gatehouse.program.Ended;
import io.gatehouse.program.Program;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Measures by {@code iperf3}. */
final class Iperf {
    private static final int CONNECT_MILLIS = 5000;
    /** For connecting and for telling each other what came of it. */
    private static final Duration SPARE = Duration.ofSeconds(15);

    private final Program program;

    Iperf(Program program) {
        this.program = program;
    }

    /** Sends to a server for so long, or receives from it. */
    Transfer measure(Peer peer, InetAddress address, int seconds, boolean isDown)
            throws Unreached, IOException, InterruptedException {
        // Reports while it runs are not wanted: what is kept of its output is then all of it.
        Program iperf = program.with("-c", address.getHostAddress(), "-p", String.valueOf(peer.port()))
                .with("-t", String.valueOf(seconds), "-i", "0", "-J")
                .with("--connect-timeout", String.valueOf(CONNECT_MILLIS))
                .within(Duration.ofSeconds(seconds).plus(SPARE));
        Ended ended = (isDown ? iperf.with("-R") : iperf).run();
        String text = ended.output().text();
        if (!ended.inTime()) {
            throw new Unreached("timed-out", "iperf3 with " + peer + " " + ended.words(), null);
        }
        Optional<String> error = Report.error(text);
        if (error.isPresent()) {
            throw new Unreached(type(error.get()), "iperf3 with " + peer + ": " + error.get(), null);
        }
        return Report.read(text)
                .orElseThrow(() -> new Unreached(
                        "not-measured",
                        "iperf3 with " + peer + " " + ended.words() + ": "
                                + ended.output().lastLine(),
                        null));
    }

    private static String type(String error) {
        String low = error.toLowerCase(Locale.ROOT);
        if (low.contains("refused")) {
            return "refused-by-host";
        }
        if (low.contains("busy")) {
            return "busy";
        }
        if (low.contains("unreachable") || low.contains("no route")) {
            return "unreachable";
        }
        return low.contains("timed out") || low.contains("timeout") ? "timed-out" : "not-measured";
    }

    /**
     * What {@code iperf3 -J} writes. Three numbers of one flat object are all that is needed of it: for those the device needs no JSON reader in this
     * bundle.
     */
    static final class Report {
        private static final Pattern END = Pattern.compile("\"end\":\\s*\\{");
        private static final Pattern ERROR = Pattern.compile("\"error\":\\s*\"([^\"]*)\"");
        private static final Pattern SENT = Pattern.compile("\"sum_sent\":\\s*\\{([^{}]*)}");
        private static final Pattern RECEIVED = Pattern.compile("\"sum_received\":\\s*\\{([^{}]*)}");

        private Report() {}

        /** Why nothing was measured. */
        static Optional<String> error(String text) {
            Matcher matcher = ERROR.matcher(text);
            return matcher.find() ? Optional.ofNullable(matcher.group(1)) : Optional.empty();
        }

        /** What arrived; nothing where the report does not say it. */
        static Optional<Transfer> read(String text) {
            Matcher end = END.matcher(text);
            if (!end.find()) {
                return Optional.empty();
            }
            String sums = text.substring(end.end());
            String received = object(RECEIVED, sums);
            Optional<Double> bytes = number("bytes", received);
            Optional<Double> seconds = number("seconds", received);
            if (bytes.isEmpty() || seconds.isEmpty()) {
                return Optional.empty();
            }
            OptionalLong retransmits = number("retransmits", object(SENT, sums))
                    .map(count -> OptionalLong.of(count.longValue()))
                    .orElse(OptionalLong.empty());
            return Optional.of(new Transfer(bytes.get().longValue(), Math.round(seconds.get() * 1e9), retransmits));
        }

        private static String object(Pattern pattern, String text) {
            Matcher matcher = pattern.matcher(text);
            return matcher.find() ? String.valueOf(matcher.group(1)) : "";
        }

        private static Optional<Double> number(String name, String object) {
            Matcher matcher = Pattern.compile("\"" + name + "\":\\s*(\\d{1,18}(?:\\.\\d{1,18})?)")
                    .matcher(object);
            return matcher.find() ? Optional.of(Double.valueOf(matcher.group(1))) : Optional.empty();
        }
    }
}
