package io.gatehouse.cli;

import io.gatehouse.api.command.Outcome;
import io.gatehouse.cli.fleet.Ends;
import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.Roster;
import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.screen.Plain;
import io.gatehouse.cli.screen.ResultText;
import io.gatehouse.cli.screen.Screen;
import io.gatehouse.protocol.Names;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Has devices do something once. */
@Command(
        name = "cmd",
        description = "Have devices do something once, and show what each answers.",
        footer = {
            "%nExamples:",
            "  gatehouse cmd ping",
            "  gatehouse cmd bundles",
            "  gatehouse cmd ping host=192.168.1.1 count=5",
            "  gatehouse cmd log.level logger=io.gatehouse.deployment level=DEBUG",
            "  gatehouse cmd ping --to dwr/311-a1 --timeout 5s    each device of a model, in a table that fills",
            "  gatehouse cmd some.name 'list:=[1,2]'    any JSON value",
            "%nCtrl-C cancels it at the devices that have not ended."
        })
final class CmdCommand implements Callable<Integer> {
    /** How long devices are given. */
    static final String USUALLY = "60s";

    private final Supplier<Session> sessions;

    @Parameters(index = "0", paramLabel = "NAME", description = "The command's name, for example ping.")
    private String name = "";

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "KEY=VALUE",
            description = {
                "Its arguments. Numbers, true and false are sent as such, all else as strings;",
                "KEY:=JSON sends any JSON value."
            })
    private List<String> arguments = List.of();

    @Mixin
    private ToOption to = new ToOption();

    @Mixin
    private KeyOption key = new KeyOption();

    @Mixin
    private TimeoutOption timeout = new TimeoutOption();

    CmdCommand(Supplier<Session> sessions) {
        this.sessions = sessions;
    }

    @Override
    public Integer call() throws Trouble {
        Map<String, Object> typed = Arguments.parse(arguments);
        if (!Names.isName(name)) {
            throw new Trouble(Trouble.Kind.USAGE, "not a command's name: " + name + "; use " + Names.FORM);
        }
        Session session = sessions.get();
        return order(session, key, new Answers.Question(to.in(session), name, typed, timeout.time()));
    }

    /** Has devices do it, and shows what each answers; the exit code. */
    static int order(Session session, KeyOption key, Answers.Question question) throws Trouble {
        Signer signer = session.signer(key.file(), question.scope());
        session.sayWhichDemo();
        return OrderlyEnd.after(() -> ask(session, signer, question));
    }

    private static int ask(Session session, Signer signer, Answers.Question question)
            throws Trouble, InterruptedException {
        try (Fleet fleet = session.connect(List.of(Roster.FILTER))) {
            Screen screen = session.screen();
            Answers answers = Answers.to(
                    question,
                    fleet,
                    signer,
                    request -> false,
                    screen,
                    (soFar, device, end) -> showAsItComes(screen, soFar, device, end));
            show(screen, question, answers);
            return answers.exitCode();
        }
    }

    /** Of a group whoever waits sees each line at once: in the table on a terminal, else as a remark before the table. */
    private static void showAsItComes(Screen screen, Answers soFar, String device, Outcome end) {
        if (screen.json()) {
            screen.object(Answers.object(device, end));
        } else if (!screen.live() && soFar.isOfGroup()) {
            screen.note(soFar.table().line(device));
        }
    }

    private static void show(Screen screen, Answers.Question question, Answers answers) {
        if (!answers.isOfGroup() && answers.silent().isEmpty()) {
            answers.ends().values().stream().filter(end -> !screen.json()).forEach(end -> showOne(screen, end));
        } else if (!screen.json()) {
            screen.lines(answers.table().lines());
        }
        answers.silent()
                .forEach(device -> screen.note("no end of " + question.command() + " within "
                        + Durations.words(question.timeout()) + " from " + device));
        answers.remedies().forEach(remedy -> screen.note("what helps: " + remedy));
        if (!screen.json()) {
            answers.ends().forEach((device, end) -> artifact(end)
                    .ifPresent(made -> screen.note(
                            "gatehouse artifact get " + made + " --to " + device + "    reads what it made")));
        }
    }

    /** As many digits of what it made as a person needs. */
    private static Optional<String> artifact(Outcome end) {
        return end instanceof Outcome.Done done
                        && done.result().get("artifact") instanceof Map<?, ?> artifact
                        && artifact.get("sha256") instanceof String sha256
                        && sha256.matches("[0-9a-f]{64}")
                ? Optional.of(sha256.substring(0, Made.SHOWN_DIGITS))
                : Optional.empty();
    }

    private static void showOne(Screen screen, Outcome outcome) {
        if (outcome instanceof Outcome.Done done) {
            if (done.result().isEmpty()) {
                screen.line(screen.paint().good("done"));
            }
            screen.lines(ResultText.lines(screen.paint(), done.result()));
        } else {
            String words = Ends.problem(outcome).map(Ends::words).orElse("");
            List<String> lines = Plain.lines("  " + words);
            screen.line(screen.paint().bad(Ends.word(outcome)) + lines.get(0));
            screen.lines(lines.subList(1, lines.size()));
        }
    }
}
