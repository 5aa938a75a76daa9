package io.gatehouse.tasks.network;

import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.program.Ended;
import io.gatehouse.program.Program;
import io.gatehouse.tasks.time.Seconds;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Says by which way a host is reached, by the system's {@code traceroute}, Debian's or busybox's. */
@Component
@Command("traceroute")
public final class Traceroute implements CommandHandler {
    private static final Duration LOOKUP = Duration.ofSeconds(30);
    private static final Duration USUAL = Duration.ofSeconds(2);
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final int USUAL_HOPS = 30;
    private static final int MOST_HOPS = 64;
    private static final int PROBES = 3;
    /** Time beyond the sum of all timeouts after which it is given up. */
    private static final Duration SPARE = Duration.ofSeconds(5);

    private final Supplier<Optional<Program>> found;

    @Activate
    public Traceroute() {
        this(() -> Program.find("traceroute"));
    }

    Traceroute(Supplier<Optional<Program>> found) {
        this.found = found;
    }

    @Override
    public Outcome handle(Invocation invocation) throws IOException, InterruptedException {
        Members arguments = invocation.arguments();
        Host host = Host.of(arguments, "host");
        int most = (int) arguments.integer("hops", USUAL_HOPS, 1, MOST_HOPS);
        Duration timeout = Seconds.argument(arguments, "timeout", USUAL, SHORTEST, LONGEST);
        Optional<Program> program = found.get();
        if (program.isEmpty()) {
            return Outcome.refused(
                    "unavailable",
                    "this device has no traceroute; package traceroute brings one, or a busybox with it");
        }
        InetAddress address;
        try {
            address = host.address(LOOKUP);
        } catch (Unreached e) {
            return e.outcome();
        }
        // busybox takes whole seconds, and waits for one probe after the other
        long wholeSeconds = timeout.plusMillis(999).toSeconds();
        Program traceroute = program.get()
                .with("-n", "-q", String.valueOf(PROBES), "-m", String.valueOf(most))
                .with("-w", String.valueOf(wholeSeconds), address.getHostAddress())
                .within(Duration.ofSeconds(wholeSeconds * PROBES * most).plus(SPARE));
        List<Hop> hops = new ArrayList<>();
        Ended ended = traceroute.lines(line -> Hop.read(line).ifPresent(hop -> {
            hops.add(hop);
            invocation.progress(Math.min(1, (double) hop.number() / most), line.strip());
        }));
        if (hops.isEmpty()) {
            return Outcome.failed(
                    "not-traced",
                    "traceroute to " + address.getHostAddress() + " " + ended.words() + ": "
                            + ended.output().lastLine());
        }
        return Outcome.done(told(host, address, hops));
    }

    private static Map<String, Object> told(Host host, InetAddress address, List<Hop> hops) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("host", host.name());
        told.put("address", address.getHostAddress());
        told.put("reached", hops.stream().anyMatch(hop -> hop.isAt(address)));
        told.put("hops", hops.stream().map(Hop::told).toList());
        return told;
    }
}
