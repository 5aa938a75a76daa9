package io.gatehouse.tasks.machine;

import io.gatehouse.api.artifact.Artifacts;
import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.program.Ended;
import io.gatehouse.program.Program;
import io.gatehouse.tasks.time.Seconds;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Runs a program, where exactly that is permitted, and tells what it says as it says it. */
@Component(configurationPid = "io.gatehouse.tasks")
@Command("exec")
public final class Exec implements CommandHandler {
    private static final Duration USUAL = Duration.ofMinutes(1);
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int MOST_WORDS = 64;
    private static final int LONGEST_WORD = 4096;

    private final Permitted permitted;
    private final Artifacts artifacts;

    /** What can be configured. */
    @interface Settings {
        /** The command lines that may be run, each a program's absolute path and its arguments; a last {@code *} permits any more. */
        String[] commands() default {};
    }

    @Activate
    public Exec(Settings settings, @Reference Artifacts artifacts) {
        this(new Permitted(settings.commands()), artifacts);
    }

    Exec(Permitted permitted, Artifacts artifacts) {
        this.permitted = permitted;
        this.artifacts = artifacts;
    }

    @Override
    public Outcome handle(Invocation invocation) throws IOException, InterruptedException {
        Members arguments = invocation.arguments();
        List<String> command = command(arguments);
        Duration timeout = Seconds.argument(arguments, "timeout", USUAL, SHORTEST, LONGEST);
        if (!permitted.permits(command)) {
            return Outcome.refused(
                    "not-permitted",
                    String.join(" ", command)
                            + " may not be run by command; configuration io.gatehouse.tasks: commands");
        }
        try (Transcript transcript = new Transcript(invocation, artifacts, System::nanoTime)) {
            Ended ended = Program.of(command).within(timeout).keeping(0).bytes(transcript);
            transcript.end();
            return outcome(command, ended, transcript);
        }
    }

    private static Outcome outcome(List<String> command, Ended ended, Transcript transcript) {
        if (!ended.inTime()) {
            return Outcome.failed(
                    "timed-out", command.get(0) + " " + ended.words() + "; it said: " + transcript.lastWords());
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("code", ended.code());
        transcript.tell(result);
        result.put("seconds", ended.took().toMillis() / 1000.0);
        return Outcome.done(result);
    }

    private static List<String> command(Members arguments) {
        List<String> command = arguments.strings("command");
        if (command.isEmpty() || !command.get(0).startsWith("/") || command.size() > MOST_WORDS) {
            throw arguments.wrong(
                    "command", command, "a program's absolute path and its arguments, at most " + MOST_WORDS);
        }
        for (String word : command) {
            if (word.length() > LONGEST_WORD || word.indexOf('\0') >= 0) {
                throw arguments.wrong(
                        "command",
                        "a word of " + word.length() + " characters",
                        "words of at most " + LONGEST_WORD + " characters without a zero");
            }
        }
        return command;
    }
}
