package io.gatehouse.cli;

import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.screen.MessageLine;
import io.gatehouse.cli.screen.Screen;
import io.gatehouse.protocol.Scope;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what devices say, live. */
@Command(
        name = "watch",
        description = {
            "Show what devices say, live, one line a message: observations, events, reports, status.",
            "Ends with Ctrl-C."
        },
        footer = {
            "%nExamples:",
            "  gatehouse watch",
            "  gatehouse watch dwr/311-a1 --topic hardware/#",
            "  gatehouse watch world/asia/taiwan",
            "  gatehouse watch --topic event/# -o json"
        })
final class WatchCommand implements Callable<Integer> {
    private static final Duration LONG = Duration.ofDays(1);

    private final Supplier<Session> sessions;

    @Parameters(
            arity = "0..1",
            paramLabel = "SCOPE",
            description = "A device, model, family or place; all devices without it.")
    @Nullable
    private String scope;

    @Option(
            names = "--topic",
            paramLabel = "FILTER",
            defaultValue = "#",
            description = "Only topics below the device that match, for example hardware/# or event/+.")
    private String topic = "#";

    @Option(
            names = {"-n", "--count"},
            paramLabel = "N",
            description = "End after that many lines.")
    private long count = Long.MAX_VALUE;

    WatchCommand(Supplier<Session> sessions) {
        this.sessions = sessions;
    }

    @Override
    public Integer call() throws Trouble, InterruptedException {
        if (!isFilter(topic)) {
            throw new Trouble(
                    Trouble.Kind.USAGE,
                    "not a topic filter: " + topic
                            + "; + stands for one whole level, # at the end for all further ones");
        }
        Session session = sessions.get();
        List<String> filters =
                filters(scope == null ? Optional.empty() : Optional.of(session.scope(scope, "SCOPE")), topic);
        session.sayWhichDemo();
        Screen screen = session.screen();
        MessageLine line = new MessageLine(screen.paint(), ZoneId.systemDefault());
        try (Fleet fleet = session.connect(filters)) {
            for (long shown = 0; shown < count; ) {
                Optional<Message> message = fleet.next(LONG).filter(MessageLine::isWorthOne);
                if (message.isPresent()) {
                    show(screen, line, message.get());
                    shown++;
                }
            }
        }
        return 0;
    }

    private static boolean isFilter(String filter) {
        List<String> levels = List.of(filter.split("/", -1));
        return !filter.isEmpty()
                && levels.stream().allMatch(level -> level.length() == 1 || !level.matches(".*[+#].*"))
                && !levels.subList(0, levels.size() - 1).contains("#");
    }

    /**
     * Topic filters for a topic below the devices of a scope. What names a family, a model or a device may as well be a
     * place of that depth, at which observations are published too.
     */
    static List<String> filters(Optional<Scope> scope, String below) {
        String path = scope.map(Scope::path).orElse("");
        int depth = path.isEmpty() ? 0 : path.split("/", -1).length;
        String devices = path + (path.isEmpty() ? "" : "/") + "+/".repeat(Math.max(0, 3 - depth));
        if (scope.isEmpty() || depth == 3) {
            return List.of(devices + below);
        }
        return below.equals("#") || depth > 3
                ? List.of(path + "/" + below)
                : List.of(devices + below, path + "/" + below);
    }

    private static void show(Screen screen, MessageLine line, Message message) {
        if (screen.json()) {
            screen.object(line.object(message));
        } else {
            screen.line(line.text(message, Instant.now()));
        }
    }
}
