package io.gatehouse.tasks.network;

import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.tasks.time.Instants;
import io.gatehouse.tasks.time.Seconds;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
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
    private static final int MOST = 100;
    private static final Duration LOOKUP = Duration.ofSeconds(30);
    private static final Duration USUAL = Duration.ofSeconds(2);
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
        return Outcome.done(Map.of("at", Instants.text(clock.instant()), "boot", boot, "uptime", uptime.seconds()));
    }

    private Outcome measured(Members arguments, Invocation invocation) throws IOException, InterruptedException {
        Host host = Host.of(arguments, "host");
        int count = (int) arguments.integer("count", 3, 1, MOST);
        Duration timeout = Seconds.argument(arguments, "timeout", USUAL, SHORTEST, LONGEST);
        InetAddress address;
        try {
            address = host.address(LOOKUP);
        } catch (Unreached e) {
            return e.outcome();
        }
        Echo.Result result = icmp.measure(address, count, timeout, (received, seconds) -> {
            String note = String.format("reply %d of %d after %.1f ms", received, count, seconds * 1000);
            invocation.progress((double) received / count, note);
        });
        return Outcome.done(told(host.name(), address, result));
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
                    Map.of(
                            "min",
                            Seconds.rounded(rtt.getMin()),
                            "avg",
                            Seconds.rounded(rtt.getAverage()),
                            "max",
                            Seconds.rounded(rtt.getMax())));
        }
        return told;
    }
}
