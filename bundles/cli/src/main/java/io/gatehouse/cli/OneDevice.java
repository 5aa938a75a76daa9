package io.gatehouse.cli;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.Call;
import io.gatehouse.cli.fleet.Ends;
import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.Roster;
import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.screen.Plain;
import io.gatehouse.cli.screen.Waiting;
import io.gatehouse.protocol.Base64Url;
import io.gatehouse.protocol.DeviceName;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.Reply;
import io.gatehouse.protocol.Scope;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One device that is there, asked one thing after another. */
final class OneDevice {
    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(60);
    private static final Duration CLOSES_WITHIN = Duration.ofSeconds(5);

    private final Fleet fleet;
    private final Signer signer;
    private final String name;
    private final Waiting waiting;

    private OneDevice(Fleet fleet, Signer signer, String name, Waiting waiting) {
        this.fleet = fleet;
        this.signer = signer;
        this.name = name;
        this.waiting = waiting;
    }

    /**
     * What it answered.
     *
     * @param correlation the question's Correlation Data
     * @param boot in which of its starts; empty where it does not say
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Answer(String device, String command, Members result, byte[] correlation, String boot) {
        String text(String member) throws Trouble {
            try {
                return result.string(member);
            } catch (BadArgument e) {
                throw strange(e);
            }
        }

        int number(String member, int least, int most) throws Trouble {
            try {
                return (int) result.integer(member, least, most);
            } catch (BadArgument e) {
                throw strange(e);
            }
        }

        private Trouble strange(BadArgument e) {
            return new Trouble(
                    Trouble.Kind.REFUSED, device + " answered " + command + " strangely: " + e.getMessage(), e);
        }
    }

    private record End(Outcome outcome, String boot) {}

    /** What it tells by itself: {@code D/event/<name>}. */
    record News(String name, Members members) {
        /** A member as text, {@linkplain Plain#safe safe}, and empty where it is absent. */
        String text(String member) {
            return Plain.safe(members.value(member).map(String::valueOf).orElse(""));
        }
    }

    /**
     * The device that was named, or the demo's.
     *
     * @throws Trouble if it is a group
     */
    static String name(Session session, @Nullable String named) throws Trouble {
        String path = session.scope(named, "DEVICE").path();
        try {
            return DeviceName.parse(path).toString();
        } catch (IllegalArgumentException e) {
            throw new Trouble(
                    Trouble.Kind.USAGE,
                    "not one device: " + path + "; write <family>/<model>/<id> (gatehouse devices lists them)",
                    e);
        }
    }

    /** Topic filters that {@link #meet} needs, and for these events. */
    static List<String> filters(String device, String... events) {
        return Stream.concat(
                        Stream.of(device + "/status"), Arrays.stream(events).map(event -> device + "/event/" + event))
                .toList();
    }

    /**
     * Makes sure that it is there.
     *
     * @param waiting says what is awaited, until it is closed
     * @throws Trouble if it is not
     */
    static OneDevice meet(Fleet fleet, Signer signer, String device, Waiting waiting)
            throws Trouble, InterruptedException {
        new Roster().gather(fleet, new Scope(device));
        return new OneDevice(fleet, signer, device, waiting);
    }

    String name() {
        return name;
    }

    /**
     * Asks, and waits for the answer; what else arrives meanwhile is dropped.
     *
     * @throws Trouble if it does not do it, or does not answer
     */
    Answer ask(String command, Map<String, ?> arguments) throws Trouble, InterruptedException {
        return ask(command, arguments, ANSWERS_WITHIN);
    }

    /**
     * Asks for something that is to be closed when it is of use no more, and waits for the answer. Where it comes to no answer here, as
     * when this is interrupted, it is cancelled; and closed, where it was opened by then.
     *
     * @param closing the command that closes it, by its {@code id}
     * @throws Trouble if it does not open it, or does not answer
     */
    Answer open(String command, String closing, Map<String, ?> arguments) throws Trouble, InterruptedException {
        Call call = Call.of(fleet, new Scope(name), command, arguments, ANSWERS_WITHIN);
        End end;
        try {
            end = end(command, call, ANSWERS_WITHIN);
        } catch (Trouble | InterruptedException e) {
            takeBack(call, closing);
            throw e;
        }
        return answer(command, call, end);
    }

    private void takeBack(Call call, String closing) {
        boolean interrupted = Thread.interrupted();
        try {
            String id = Base64Url.encode(call.correlation());
            Call cancel = Call.of(fleet, new Scope(name), "cancel", Map.of("id", id), CLOSES_WITHIN);
            CompletableFuture<Void> unused =
                    fleet.send(signer.sign(cancel.message())); // what comes of it, the end says
            Outcome end = await(call, CLOSES_WITHIN).map(End::outcome).orElse(null);
            if (end instanceof Outcome.Done done && done.result().get("id") instanceof String opened) {
                close(closing, opened);
            }
        } catch (Trouble ignored) {
            // it ends by itself when its time is over, and what is said is why nothing came
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks for something to be closed, and waits a short while; where it is closed already, that is well. */
    void close(String command, String id) {
        boolean interrupted = Thread.interrupted();
        try {
            ask(command, Map.of("id", id), CLOSES_WITHIN);
        } catch (Trouble ignored) {
            // it ends by itself when its time is over
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private Answer ask(String command, Map<String, ?> arguments, Duration within) throws Trouble, InterruptedException {
        Call call = Call.of(fleet, new Scope(name), command, arguments, within);
        return answer(command, call, end(command, call, within));
    }

    private End end(String command, Call call, Duration within) throws Trouble, InterruptedException {
        waiting.step(command);
        fleet.publish(signer.sign(call.message()));
        return await(call, within)
                .orElseThrow(() -> new Trouble(
                        Trouble.Kind.NO_ANSWER,
                        "no end of " + command + " within " + Durations.words(within) + " from " + name));
    }

    private Optional<End> await(Call call, Duration within) throws Trouble, InterruptedException {
        long until = System.nanoTime() + within.toNanos();
        while (true) {
            Optional<Message> next = fleet.next(Duration.ofNanos(until - System.nanoTime()));
            if (next.isEmpty()) {
                return Optional.empty();
            }
            Optional<End> end = end(call, next.get());
            if (end.isPresent()) {
                return end;
            }
        }
    }

    private Answer answer(String command, Call call, End end) throws Trouble {
        Outcome.Done done = Ends.done(name, command, end.outcome());
        return new Answer(name, command, Members.of(done.result()), call.correlation(), end.boot());
    }

    private Optional<End> end(Call call, Message next) throws Trouble {
        try {
            Call.Answer answer = call.answer(next).orElse(null);
            if (answer != null && answer.reply() instanceof Reply.Running now) {
                waiting.note(now.note());
            }
            return answer != null && answer.reply() instanceof Reply.End end
                    ? Optional.of(new End(end.outcome(), answer.boot()))
                    : Optional.empty();
        } catch (BadArgument e) {
            throw new Trouble(Trouble.Kind.REFUSED, "not understood, from " + name + ": " + e.getMessage(), e);
        }
    }

    /** It did what was awaited of it; what is asked after this is not said to be awaited. */
    void awaitedNoMore() {
        waiting.close();
    }

    /** The next that it tells; nothing where it tells nothing for that long. */
    Optional<News> news(Duration within) throws InterruptedException {
        Optional<Message> next = fleet.next(within);
        String events = name + "/event/";
        if (next.isEmpty() || !next.get().topic().startsWith(events)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new News(
                    next.get().topic().substring(events.length()),
                    Json.read(next.get().payload())));
        } catch (BadArgument e) {
            return Optional.empty(); // no news that anybody could read
        }
    }
}
