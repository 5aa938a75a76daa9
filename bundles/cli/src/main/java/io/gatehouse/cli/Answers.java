package io.gatehouse.cli;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.command.Problem;
import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.Call;
import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.Roster;
import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.screen.Bar;
import io.gatehouse.cli.screen.Screen;
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
import java.util.function.Predicate;

/** Collects what devices answer to one call, until each has said its end or the time is up. */
final class Answers {
    private static final int DRAWN = 20;

    private final Call call;
    private final Screen screen;
    private final Set<String> awaited;
    private final Map<String, Outcome> ends = new TreeMap<>();
    private final Map<String, Reply.Running> running = new TreeMap<>();

    private Answers(Call call, Collection<String> devices, Screen screen) {
        this.call = call;
        this.awaited = new TreeSet<>(devices);
        this.screen = screen;
    }

    /** What is asked, of whom, and for how long an answer is of use. */
    record Question(Scope scope, String command, Map<String, ?> arguments, Duration timeout) {}

    /**
     * Asks the devices of the scope that are there, and waits.
     *
     * @param signer signs the question
     * @param server takes the devices' requests for artifacts
     */
    static Answers to(Question question, Fleet fleet, Signer signer, Predicate<Message> server, Screen screen)
            throws Trouble, InterruptedException {
        Roster roster = new Roster();
        roster.gather(fleet, question.scope());
        List<String> devices = roster.online(question.scope()).stream()
                .map(Roster.Member::device)
                .toList();
        Call call = Call.of(fleet, question.scope(), question.command(), question.arguments(), question.timeout());
        Answers answers = new Answers(call, devices, screen);
        answers.ask(fleet, signer, question.timeout(), server);
        return answers;
    }

    private void ask(Fleet fleet, Signer signer, Duration timeout, Predicate<Message> server)
            throws Trouble, InterruptedException {
        fleet.publish(signer.sign(call.message()));
        long end = System.nanoTime() + timeout.toNanos();
        draw();
        while (!awaited.isEmpty()) {
            Optional<Message> next = fleet.next(Duration.ofNanos(end - System.nanoTime()));
            if (next.isEmpty()) {
                break;
            }
            if (!server.test(next.get())) {
                take(next.get());
            }
        }
        screen.draw(List.of());
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
        if (answer.reply() instanceof Reply.Running now) {
            Reply.Running before = running.put(answer.device(), now);
            if (!screen.live()
                    && !screen.json()
                    && (before == null || !before.note().equals(now.note()))) {
                screen.note(answer.device() + ": " + now.note());
            }
        } else if (answer.reply() instanceof Reply.End end) {
            awaited.remove(answer.device());
            running.remove(answer.device());
            ends.put(answer.device(), end.outcome());
        }
        draw();
    }

    private void draw() {
        List<String> lines = new ArrayList<>();
        ends.forEach((device, outcome) -> lines.add(device + "  " + word(outcome)));
        for (String device : awaited) {
            Reply.Running now = running.get(device);
            lines.add(device + "  " + (now == null ? "…" : Bar.of(now.progress()) + "  " + now.note()));
        }
        screen.draw(lines.size() <= DRAWN ? lines : List.of(ends.size() + " answered, " + awaited.size() + " to come"));
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
        ends.forEach((device, outcome) -> {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("device", device);
            object.putAll(Reply.write(outcome));
            objects.add(object);
        });
        return objects;
    }

    /** What helps with what the devices said, each once. */
    Set<String> remedies() {
        Set<String> remedies = new LinkedHashSet<>();
        ends.values().stream()
                .flatMap(outcome -> problem(outcome).stream())
                .flatMap(problem -> Remedy.of(problem).stream())
                .forEach(remedies::add);
        return remedies;
    }

    int exitCode() {
        if (ends.values().stream().anyMatch(outcome -> problem(outcome).isPresent())) {
            return Trouble.Kind.REFUSED.exitCode();
        }
        return awaited.isEmpty() ? 0 : Trouble.Kind.NO_ANSWER.exitCode();
    }

    static String word(Outcome outcome) {
        return outcome instanceof Outcome.Done ? "done" : outcome instanceof Outcome.Refused ? "refused" : "failed";
    }

    static Optional<Problem> problem(Outcome outcome) {
        if (outcome instanceof Outcome.Refused refused) {
            return Optional.of(refused.problem());
        }
        return outcome instanceof Outcome.Failed failed ? Optional.of(failed.problem()) : Optional.empty();
    }

    static String words(Problem problem) {
        return problem.detail().isEmpty() ? problem.type() : problem.type() + ": " + problem.detail();
    }
}
