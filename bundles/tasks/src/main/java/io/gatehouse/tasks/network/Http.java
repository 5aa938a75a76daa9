package io.gatehouse.tasks.network;

import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.tasks.time.Seconds;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Asks a server by HTTP/1.1, and measures each step. Java's own client does not say how long its steps take, and goes on or ends at a
 * certificate without showing it.
 */
@Component
@Command("http")
public final class Http implements CommandHandler {
    private static final Duration USUAL = Duration.ofSeconds(10);
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final long USUAL_LIMIT = 1 << 20;
    private static final long MOST = 1L << 30;
    private static final int MOST_STEPS = 5;

    private final HttpExchange.Trust trust;

    @Activate
    public Http() {
        this(Witness::ofThisMachine);
    }

    Http(HttpExchange.Trust trust) {
        this.trust = trust;
    }

    @Override
    public Outcome handle(Invocation invocation) throws InterruptedException {
        Members arguments = invocation.arguments();
        String method = arguments.optionalString("method").orElse("GET");
        if (!method.equals("GET") && !method.equals("HEAD")) {
            throw arguments.wrong("method", method, "GET or HEAD");
        }
        HttpRequest request = HttpRequest.of(arguments, "url", method);
        Duration timeout = Seconds.argument(arguments, "timeout", USUAL, SHORTEST, LONGEST);
        boolean follows = arguments.bool("follow", false);
        long limit = arguments.integer("limit", USUAL_LIMIT, 0, MOST);
        try (Deadline deadline = new Deadline(timeout)) {
            return follow(request, deadline, limit, follows ? MOST_STEPS : 0, invocation);
        } catch (Unreached e) {
            return e.outcome();
        }
    }

    private Outcome follow(HttpRequest first, Deadline deadline, long limit, int most, Invocation invocation)
            throws Unreached, InterruptedException {
        HttpRequest request = first;
        for (int step = 0; true; step++) {
            Answer answer;
            try (HttpExchange exchange = new HttpExchange(request)) {
                answer = ask(request, exchange, deadline, limit);
            }
            if (most == 0 || answer.instead().isEmpty()) {
                return Outcome.done(answer.told());
            }
            if (step == most) {
                return Outcome.failed("too-many-redirects", request.uri() + " leads on, after " + most + " that did");
            }
            invocation.progress((step + 1.0) / (most + 1), request.uri() + " leads on");
            request = answer.instead().get();
        }
    }

    /** What one request came to, and where the answer says that it is to be had instead. */
    private record Answer(Map<String, Object> told, Optional<HttpRequest> instead) {}

    private Answer ask(HttpRequest request, HttpExchange exchange, Deadline deadline, long limit)
            throws Unreached, InterruptedException {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("url", request.uri().toString());
        Optional<HttpRequest> instead = Optional.empty();
        if (exchange.connect(deadline, trust)) {
            HttpHead head = exchange.ask();
            told.put("status", head.status());
            told.put("version", head.version());
            HttpExchange.Amount body = exchange.drain(exchange.body(head), limit);
            told.put("bytes", body.bytes());
            if (body.isCut()) {
                told.put("cut", true);
            }
            Optional<String> location = head.status() / 100 == 3 ? head.field("location") : Optional.empty();
            location.ifPresent(where -> told.put("location", where));
            instead = location.flatMap(request::instead);
        }
        exchange.tls().ifPresent(version -> told.put("tls", version));
        exchange.certificate().ifPresent(certificate -> told.put("certificate", certificate.told()));
        told.put("timing", exchange.timing());
        return new Answer(told, instead);
    }
}
