package io.gatehouse.cli;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.command.Problem;
import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.Call;
import io.gatehouse.cli.fleet.Ends;
import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.Remedy;
import io.gatehouse.cli.fleet.Roster;
import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.screen.Plain;
import io.gatehouse.cli.screen.Screen;
import io.gatehouse.protocol.Base64Url;
import io.gatehouse.protocol.Reply;
import io.gatehouse.protocol.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** Collects what devices answer to one call, until each has said its end or the time is up. */
final class Answers {
    private static final Duration CANCELS_WITHIN = Duration.ofSeconds(3);

    private final Question question;
    private final Call call;
    private final Screen screen;
    private final AnswerTable table;
    private final Audience audience;
    private final Set<String> awaited;
    private final Map<String, Outcome> ends = new TreeMap<>();
    private final Map<String, Notes> notes = new TreeMap<>();

    private Answers(Question question, Call call, Collection<String> devices, Screen screen, Audience audience) {
        this.question = question;
        this.call = call;
        this.awaited = new TreeSet<>(devices);
        this.table = new AnswerTable(screen.paint(), awaited);
        this.screen = screen;
        this.audience = audience;
    }

    /** What is asked, of whom, and for how long an answer is of use. */
    record Question(Scope scope, String command, Map<String, ?> arguments, Duration timeout) {}

    /** Who does not want to wait until all have answered. */
    @FunctionalInterface
    interface Audience {
        void ended(Answers soFar, String device, Outcome end);
    }

    /**
     * Asks the devices of the scope that are there, and waits. Where it is interrupted, those that have not ended are asked to cancel
     * it, and told of.
     *
     * @param signer signs the question
     * @param server takes the devices' requests for artifacts
     */
    static Answers to(Question question, Fleet fleet, Signer signer, Predicate<Message> server, Screen screen)
            throws Trouble, InterruptedException {
        return to(question, fleet, signer, server, screen, (answers, device, end) -> {});
    }

    /**
     * As {@link #to(Question, Fleet, Signer, Predicate, Screen)}.
     *
     * @param audience is told each device's end as it comes
     */
    static Answers to(
            Question question, Fleet fleet, Signer signer, Predicate<Message> server, Screen screen, Audience audience)
            throws Trouble, InterruptedException {
        Roster roster = new Roster();
        roster.gather(fleet, question.scope());
        List<String> devices = roster.online(question.scope()).stream()
                .map(Roster.Member::device)
                .toList();
        Call call = Call.of(fleet, question.scope(), question.command(), question.arguments(), question.timeout());
        Answers answers = new Answers(question, call, devices, screen, audience);
        try {
            answers.ask(fleet, signer, server);
        } catch (InterruptedException e) {
            answers.cancel(fleet, signer);
            throw e;
        }
        return answers;
    }

    private void ask(Fleet fleet, Signer signer, Predicate<Message> server) throws Trouble, InterruptedException {
        fleet.publish(signer.sign(call.message()));
        draw();
        await(fleet, question.timeout(), server);
        notes.forEach((device, rest) -> say(device, rest.rest()));
        table.timeIsUp();
        screen.draw(List.of());
    }

    private void await(Fleet fleet, Duration within, Predicate<Message> server) throws InterruptedException {
        long end = System.nanoTime() + within.toNanos();
        while (!awaited.isEmpty()) {
            Optional<Message> next = fleet.next(Duration.ofNanos(end - System.nanoTime()));
            if (next.isEmpty()) {
                break;
            }
            if (!server.test(next.get())) {
                take(next.get());
            }
        }
    }

    /** Of those that have not ended, and waits a short while for their ends. */
    private void cancel(Fleet fleet, Signer signer) throws Trouble, InterruptedException {
        screen.draw(List.of());
        Set<String> asked = new TreeSet<>(awaited);
        screen.note(question.command() + " is cancelled at " + String.join(", ", asked));
        Map<String, String> arguments = Map.of("id", Base64Url.encode(call.correlation()));
        for (String device : asked) {
            Call cancel = Call.of(fleet, new Scope(device), "cancel", arguments, CANCELS_WITHIN);
            CompletableFuture<Void> unused =
                    fleet.send(signer.sign(cancel.message())); // what comes of it, the end says
        }
        await(fleet, CANCELS_WITHIN, message -> false);
        screen.draw(List.of());
        for (String device : asked) {
            screen.note(
                    ends.containsKey(device)
                            ? table.line(device)
                            : device + "  no end came; it may go on there until its time is over");
        }
    }

    private void take(Message message) {
        try {
            call.answer(message).ifPresent(this::take);
        } catch (BadArgument e) {
            screen.note("not understood, from "
                    + message.properties().first("device").orElse("somebody") + ": " + e.getMessage());
        }
    }

    private void take(Call.Answer answer) {
        String device = Plain.safe(answer.device());
        if (answer.reply() instanceof Reply.Running now) {
            table.running(device, now);
            say(device, notes.computeIfAbsent(device, first -> new Notes()).take(now.note()));
        } else if (answer.reply() instanceof Reply.End end) {
            Notes told = notes.remove(device);
            say(device, told == null ? List.of() : told.rest());
            awaited.remove(device);
            table.ended(device, end.outcome());
            if (ends.put(device, end.outcome()) == null) {
                audience.ended(this, device, end.outcome());
            }
        }
        draw();
    }

    /** Where no table shows it; whose words they are only where that is the question. */
    private void say(String device, List<String> lines) {
        if (!screen.live() && !screen.json()) {
            lines.forEach(line -> screen.note(isOfGroup() ? device + ": " + line : line));
        }
    }

    private void draw() {
        screen.draw(table.lines(screen.rows()));
    }

    /** What each device answered, as a table. */
    AnswerTable table() {
        return table;
    }

    /** Whether a scope was asked that is no device, as far as is known; or more than one answered. */
    boolean isOfGroup() {
        Set<String> devices = new TreeSet<>(ends.keySet());
        devices.addAll(awaited);
        return !devices.equals(Set.of(question.scope().path()));
    }

    /** How each device that answered ended. */
    Map<String, Outcome> ends() {
        return ends;
    }

    /** Devices of which no end came. */
    Set<String> silent() {
        return awaited;
    }

    /** The end of each device as JSON values. */
    List<Map<String, Object>> objects() {
        List<Map<String, Object>> objects = new ArrayList<>();
        ends.forEach((device, outcome) -> objects.add(object(device, outcome)));
        return objects;
    }

    /** A device's end as JSON values. */
    static Map<String, Object> object(String device, Outcome outcome) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("device", device);
        object.putAll(Reply.write(outcome));
        return object;
    }

    /** What helps with what the devices said, each once. */
    Set<String> remedies() {
        Set<String> remedies = new LinkedHashSet<>();
        ends.values().stream()
                .flatMap(outcome -> Ends.problem(outcome).stream())
                .flatMap(problem -> Remedy.of(question.command(), problem).stream())
                .forEach(remedies::add);
        return remedies;
    }

    int exitCode() {
        if (ends.values().stream().anyMatch(outcome -> Ends.problem(outcome).isPresent())) {
            return Trouble.Kind.REFUSED.exitCode();
        }
        return awaited.isEmpty() ? 0 : Trouble.Kind.NO_ANSWER.exitCode();
    }

    /** A problem, {@linkplain Plain#safe safe}. */
    static String words(Problem problem) {
        return Plain.safe(Ends.words(problem));
    }
}
