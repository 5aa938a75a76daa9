package io.gatehouse.cli;

import io.gatehouse.api.command.Outcome;
import io.gatehouse.cli.fleet.Ends;
import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.Roster;
import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.screen.Screen;
import io.gatehouse.protocol.Scope;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Asks the devices of a scope what they made. */
record Asking(Session session, Scope scope, Signer signer, Duration patience) {
    private static final Pattern PREFIX = Pattern.compile("[0-9a-f]{4,64}");

    /** One artifact, and the one device that has it. */
    record Found(String device, Made made) {}

    static Asking of(Session session, ToOption to, KeyOption key, TimeoutOption timeout) throws Trouble {
        Scope scope = to.in(session);
        Asking asking = new Asking(session, scope, session.signer(key.file(), scope), timeout.time());
        session.sayWhichDemo();
        return asking;
    }

    Screen screen() {
        return session.screen();
    }

    Answers ask(Scope whom, String command, Map<String, ?> arguments) throws Trouble, InterruptedException {
        try (Fleet fleet = session.connect(List.of(Roster.FILTER))) {
            Answers.Question question = new Answers.Question(whom, command, arguments, patience);
            return Answers.to(question, fleet, signer, request -> false, session.screen());
        }
    }

    /**
     * Finds the one artifact of the one device that is meant.
     *
     * @param prefix its SHA-256, or the beginning of that
     */
    Found find(String prefix) throws Trouble, InterruptedException {
        if (!PREFIX.matcher(prefix).matches()) {
            throw new Trouble(
                    Trouble.Kind.USAGE,
                    "not a SHA-256, nor at least 4 lower-case hex digits of one: " + prefix
                            + "; gatehouse artifact list shows them");
        }
        Answers answers = ask(scope, "artifact.list", Map.of());
        TreeSet<String> devices = new TreeSet<>(answers.silent());
        devices.addAll(answers.ends().keySet());
        if (devices.size() > 1) {
            throw new Trouble(
                    Trouble.Kind.USAGE,
                    devices.size() + " devices are under " + scope + ": name the one, for example --to "
                            + devices.first());
        }
        String device = devices.first();
        List<Made> alike = Made.read(device, done(answers, "artifact.list")).stream()
                .filter(made -> made.sha256().hex().startsWith(prefix))
                .toList();
        if (alike.size() == 1) {
            return new Found(device, alike.get(0));
        }
        throw alike.isEmpty()
                ? new Trouble(
                        Trouble.Kind.REFUSED,
                        device + " keeps nothing that it made as " + prefix + "; gatehouse artifact list shows what")
                : new Trouble(
                        Trouble.Kind.USAGE,
                        alike.size() + " artifacts of " + device + " begin with " + prefix + ": give more digits");
    }

    /** What the one device answered. */
    Outcome.Done done(Answers answers, String command) throws Trouble {
        if (!answers.ends().isEmpty()) {
            Map.Entry<String, Outcome> end =
                    answers.ends().entrySet().iterator().next();
            return Ends.done(end.getKey(), command, end.getValue());
        }
        throw new Trouble(
                Trouble.Kind.NO_ANSWER,
                "no end of " + command + " within " + Durations.words(patience) + " from "
                        + String.join(", ", answers.silent()));
    }
}
