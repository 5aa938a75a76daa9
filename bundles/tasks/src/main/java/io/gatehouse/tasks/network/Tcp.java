package io.gatehouse.tasks.network;

import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.tasks.time.Seconds;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.osgi.service.component.annotations.Component;

/** Tries whether a port of a host takes connections, and how soon. */
@Component
@Command("tcp")
public final class Tcp implements CommandHandler {
    private static final Duration USUAL = Duration.ofSeconds(5);
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    @Override
    public Outcome handle(Invocation invocation) throws InterruptedException {
        Members arguments = invocation.arguments();
        Host host = Host.of(arguments, "host");
        int port = (int) arguments.integer("port", 1, 65535);
        Duration timeout = Seconds.argument(arguments, "timeout", USUAL, SHORTEST, LONGEST);
        try (Deadline deadline = new Deadline(timeout)) {
            InetAddress address = host.address(timeout);
            long begin = System.nanoTime();
            try (Line line = Line.open(address, port, deadline)) {
                Map<String, Object> told = new LinkedHashMap<>();
                told.put("host", host.name());
                told.put("address", address.getHostAddress());
                told.put("port", line.socket().getPort());
                told.put("took", Seconds.of(System.nanoTime() - begin));
                return Outcome.done(told);
            }
        } catch (Unreached e) {
            return e.outcome();
        }
    }
}
