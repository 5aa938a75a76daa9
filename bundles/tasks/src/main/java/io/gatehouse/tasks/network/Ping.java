package io.gatehouse.tasks.network;

import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Answers at once; or, where a host is named, measures the way to it. */
@Component
@Command("ping")
public final class Ping implements CommandHandler {
    private static final DateTimeFormatter MILLIS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();
    private static final int MOST = 100;
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Clock clock;
    private final String boot;
    private final Uptime uptime;
    private final Echo icmp;

    @Activate
    public Ping(BundleContext context) {
        this(
                Clock.systemUTC(),
                Optional.ofNullable(context.getProperty("gatehouse.boot")).orElse("unknown"),
                new Uptime(Path.of("/proc"), System::nanoTime),
                Echo.ofThisMachine());
    }

    Ping(Clock clock, String boot, Uptime uptime, Echo icmp) {
        this.clock = clock;
        this.boot = boot;
        this.uptime = uptime;
        this.icmp = icmp;
    }

    @Override
    public Outcome handle(Invocation invocation) throws IOException, InterruptedException {
        Members arguments = invocation.arguments();
        return arguments.has("host") ? measured(arguments, invocation) : alive();
    }

    private Outcome alive() {
        return Outcome.done(Map.of("at", MILLIS.format(clock.instant()), "boot", boot, "uptime", uptime.seconds()));
    }

    private Outcome measured(Members arguments, Invocation invocation) throws IOException, InterruptedException {
        String host = host(arguments);
        int count = (int) arguments.integer("count", 3, 1, MOST);
        Duration timeout = arguments.optionalDuration("timeout").orElse(Duration.ofSeconds(2));
        if (timeout.compareTo(SHORTEST) < 0 || timeout.compareTo(LONGEST) > 0) {
            throw arguments.wrong("timeout", timeout, "from PT0.1S to PT30S");
        }
        InetAddress address;
        try {
            address = InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            return Outcome.failed("unknown-host", "no address is known for " + host);
        }
        Echo.Result result = icmp.measure(address, count, timeout, (received, seconds) -> {
            String note = String.format("reply %d of %d after %.1f ms", received, count, seconds * 1000);
            invocation.progress((double) received / count, note);
        });
        return Outcome.done(told(host, address, result));
    }

    private static Map<String, Object> told(String host, InetAddress address, Echo.Result result) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("host", host);
        told.put("address", address.getHostAddress());
        told.put("sent", result.sent());
        told.put("received", result.seconds().size());
        if (!result.seconds().isEmpty()) {
            DoubleSummaryStatistics rtt =
                    result.seconds().stream().mapToDouble(Double::doubleValue).summaryStatistics();
            told.put(
                    "rtt",
                    Map.of("min", micros(rtt.getMin()), "avg", micros(rtt.getAverage()), "max", micros(rtt.getMax())));
        }
        return told;
    }

    /** Seconds, to the microsecond. */
    private static double micros(double seconds) {
        return Math.round(seconds * 1e6) / 1e6;
    }

    /** A name or an address, and nothing that some program could take for an option. */
    private static String host(Members arguments) {
        String host = arguments.string("host");
        boolean isFit = !host.isEmpty() && host.length() <= 253 && host.charAt(0) != '-';
        for (int at = 0; at < host.length(); at++) {
            char c = host.charAt(at);
            boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            isFit &= isLetter || (c >= '0' && c <= '9') || ".:%_-".indexOf(c) >= 0;
        }
        if (!isFit) {
            throw arguments.wrong("host", host, "a host's name or address");
        }
        return host;
    }
}
