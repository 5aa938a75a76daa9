package io.gatehouse.cli;

import io.gatehouse.api.message.Message;
import io.gatehouse.cli.ca.Authority;
import io.gatehouse.cli.ca.ClaimDesk;
import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.screen.Screen;
import io.gatehouse.protocol.enrollment.ClaimAnswer;
import io.gatehouse.protocol.enrollment.Token;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Answers claims and renewals. */
@Command(
        name = "serve",
        description = {
            "Answer devices that claim or renew their certificates, until it is stopped.",
            "A device asks again until it is answered, so this may run for an hour a day, or always."
        },
        footer = {
            "%nExamples:",
            "  gatehouse ca serve fleet --broker ssl://broker:8886 --ca fleet/ca.pem \\",
            "      --cert operators/authority.pem --cert-key operators/authority.key",
            "  gatehouse ca serve fleet --claims ssl://broker:8884"
        })
final class CaServeCommand implements Callable<Integer> {
    private static final Duration LONG = Duration.ofDays(1);
    private static final Duration OFTEN = Duration.ofMillis(200);
    private static final Duration EXPIRY = Duration.ofSeconds(60);

    private final Supplier<Session> sessions;
    private final Clock clock;
    private final AtomicLong left = new AtomicLong();

    @Parameters(paramLabel = "DIR", description = "The authority's folder.")
    private Path folder = Path.of("");

    @Option(
            names = "--claims",
            paramLabel = "URI",
            description = "Where devices without a certificate are let in, if that is another broker.")
    @Nullable
    private String claims;

    @Option(
            names = "--life",
            paramLabel = "TIME",
            defaultValue = "P365D",
            description = "How long a device's certificate is good (${DEFAULT-VALUE}); it is renewed after two thirds.")
    private Duration life = Duration.ZERO;

    @Option(
            names = {"-n", "--count"},
            paramLabel = "N",
            description = "End after that many answers.")
    private long count = Long.MAX_VALUE;

    CaServeCommand(Supplier<Session> sessions, Clock clock) {
        this.sessions = sessions;
        this.clock = clock;
    }

    @Override
    public Integer call() throws Trouble, InterruptedException {
        ClaimDesk desk = new ClaimDesk(Authority.open(folder, clock), life);
        left.set(count);
        Session session = sessions.get();
        List<String> filters = claims == null ? List.of(Token.CLAIMS, Token.RENEWALS) : List.of(Token.RENEWALS);
        try (Fleet fleet = session.connect(filters)) {
            session.screen().note("answering at " + fleet.broker());
            if (claims == null) {
                serve(fleet, desk, session.screen(), LONG);
            } else {
                serveBoth(fleet, claims, desk, session);
            }
        }
        return 0;
    }

    private void serveBoth(Fleet fleet, String address, ClaimDesk desk, Session session)
            throws Trouble, InterruptedException {
        try (Fleet other = session.connect(address, List.of(Token.CLAIMS))) {
            session.screen().note("answering at " + other.broker());
            while (left.get() > 0) {
                // one after the other: both are idle nearly always
                serve(fleet, desk, session.screen(), OFTEN);
                serve(other, desk, session.screen(), OFTEN);
            }
        }
    }

    /** Answers until nothing came for so long. */
    private void serve(Fleet fleet, ClaimDesk desk, Screen screen, Duration patience)
            throws Trouble, InterruptedException {
        while (left.get() > 0) {
            Optional<Message> message = fleet.next(patience);
            if (message.isEmpty() && patience.compareTo(LONG) < 0) {
                return;
            }
            if (message.isPresent()) {
                answer(fleet, desk, message.get(), screen);
            }
        }
    }

    private void answer(Fleet fleet, ClaimDesk desk, Message message, Screen screen)
            throws Trouble, InterruptedException {
        String topic = message.topic();
        Optional<String> token = Token.claimedBy(topic);
        Optional<String> device = Token.renewedBy(topic);
        if (token.isEmpty() && device.isEmpty()) {
            return;
        }
        ClaimAnswer answer = token.isPresent()
                ? desk.claim(token.get(), message.payload())
                : desk.renew(device.orElseThrow(), message.payload());
        try {
            fleet.publish(Message.json(Token.answerTopic(topic), answer.write()).expiring(EXPIRY));
        } catch (Trouble e) {
            screen.note(topic + " is not answered: " + e.getMessage() + "; the device asks again");
            return;
        }
        say(topic, answer, screen);
        left.decrementAndGet();
    }

    private void say(String topic, ClaimAnswer answer, Screen screen) {
        if (screen.json()) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("at", clock.instant().toString());
            line.put("topic", topic);
            line.put("state", answer instanceof ClaimAnswer.Issued ? "issued" : "refused");
            if (answer instanceof ClaimAnswer.Refused refused) {
                line.put("type", refused.problem().type());
                line.put("detail", refused.problem().detail());
            }
            screen.object(line);
        } else if (answer instanceof ClaimAnswer.Refused refused) {
            screen.line(topic + "  refused, " + refused.problem().type() + ": "
                    + refused.problem().detail());
        } else {
            screen.line(topic + "  issued");
        }
    }
}
