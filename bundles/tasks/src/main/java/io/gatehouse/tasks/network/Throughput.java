package io.gatehouse.tasks.network;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.program.Program;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Measures how much goes over the link: to and from an iperf3 server, or down from an HTTP server. */
@Component
@Command("throughput")
public final class Throughput implements CommandHandler {
    private static final Duration CONNECT = Duration.ofSeconds(15);
    private static final int USUAL = 10;
    private static final int LONGEST = 60;
    private static final int IPERF = 5201;
    private static final long NOTE_NANOS = 500_000_000L;

    private final Supplier<Optional<Program>> found;
    private final HttpExchange.Trust trust;

    @Activate
    public Throughput() {
        this(() -> Program.find("iperf3"), Witness::ofThisMachine);
    }

    Throughput(Supplier<Optional<Program>> found, HttpExchange.Trust trust) {
        this.found = found;
        this.trust = trust;
    }

    @Override
    public Outcome handle(Invocation invocation) throws IOException, InterruptedException {
        Members arguments = invocation.arguments();
        int seconds = (int) arguments.integer("seconds", USUAL, 1, LONGEST);
        boolean isHttp = arguments.has("url");
        String direction = arguments.optionalString("direction").orElse(isHttp ? "down" : "up");
        if (isHttp == arguments.has("peer")) {
            throw new BadArgument("either peer must name an iperf3 server, or url what is to be fetched");
        }
        if (!direction.equals("down") && (isHttp || !direction.equals("up"))) {
            throw arguments.wrong("direction", direction, isHttp ? "down, where url is given" : "up or down");
        }
        try {
            return isHttp
                    ? download(HttpRequest.of(arguments, "url", "GET"), seconds, invocation)
                    : iperf(Peer.of(arguments, "peer", IPERF), seconds, direction, invocation);
        } catch (Unreached e) {
            return e.outcome();
        }
    }

    private Outcome iperf(Peer peer, int seconds, String direction, Invocation invocation)
            throws IOException, InterruptedException {
        Optional<Program> program = found.get();
        if (program.isEmpty()) {
            return Outcome.refused(
                    "unavailable",
                    "this device has no iperf3; package iperf3 brings one, or measure with url instead of peer");
        }
        InetAddress address = peer.host().address(CONNECT);
        invocation.progress(0, direction + " with " + peer + " for " + seconds + " s");
        return new Iperf(program.get())
                .measure(peer, address, seconds, direction.equals("down"))
                .done("peer", peer.toString(), direction);
    }

    private Outcome download(HttpRequest request, int seconds, Invocation invocation)
            throws Unreached, InterruptedException {
        try (HttpExchange exchange = new HttpExchange(request);
                Deadline connect = new Deadline(CONNECT)) {
            if (!exchange.connect(connect, trust)) {
                return Outcome.failed(
                        "not-trusted",
                        "the certificate of " + request.uri() + " is not trusted; the command http shows it");
            }
            HttpHead head = exchange.ask();
            if (head.status() != 200) {
                return Outcome.failed("http-status", request.uri() + " answers with status " + head.status());
            }
            try (Deadline end = new Deadline(Duration.ofSeconds(seconds))) {
                exchange.until(end);
                return read(exchange, exchange.body(head), end, invocation)
                        .done("url", request.uri().toString(), "down");
            }
        }
    }

    /** Reads to the end of the body, or until the time is over: that it is cut off then is as it should be. */
    private static Transfer read(HttpExchange exchange, InputStream body, Deadline end, Invocation invocation)
            throws Unreached, InterruptedException {
        byte[] buffer = new byte[64 << 10];
        long began = System.nanoTime();
        long noted = began;
        long bytes = 0;
        try {
            for (int read = body.read(buffer); read >= 0 && !end.hasPassed(); read = body.read(buffer)) {
                bytes += read;
                long now = System.nanoTime();
                if (now - noted > NOTE_NANOS) {
                    noted = now;
                    double ratio =
                            Math.min(1, (now - began) / (double) end.time().toNanos());
                    invocation.progress(ratio, bytes + " bytes");
                }
            }
        } catch (IOException e) {
            Unreached reason = exchange.reason(e); // an interrupt comes out here
            if (!end.hasPassed()) {
                throw reason;
            }
        }
        return new Transfer(bytes, System.nanoTime() - began, OptionalLong.empty());
    }
}
