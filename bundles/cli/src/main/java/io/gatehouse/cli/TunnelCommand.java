package io.gatehouse.cli;

import io.gatehouse.api.command.Outcome;
import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.Roster;
import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.screen.Plain;
import io.gatehouse.cli.screen.Screen;
import io.gatehouse.cli.screen.Table;
import io.gatehouse.cli.screen.Waiting;
import io.gatehouse.protocol.Scope;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Tunnels: ways to what a device alone can reach. */
@Command(
        name = "tunnel",
        description = {
            "Come to what a device alone can reach: a web page on it, or a machine behind it.",
            "The device connects to an SSH server, and what connects there comes out at the device. That server is this",
            "command itself, or any OpenSSH server that both sides reach (--relay)."
        },
        footer = {
            "%nExamples:",
            "  gatehouse tunnel open dwr/311-a1/00-11-22-33-44-55 --target 127.0.0.1:80",
            "  gatehouse tunnel open dwr/311-a1/00-11-22-33-44-55 --target 127.0.0.1:22 --relay gate@relay.example.com",
            "  gatehouse tunnel list --to dwr"
        })
final class TunnelCommand {
    private static final List<String> MEMBERS = List.of(
            "id", "relay", "listen", "target", "state", "opened", "until", "connections", "received", "sent", "by");
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Supplier<Session> sessions;

    TunnelCommand(Supplier<Session> sessions) {
        this.sessions = sessions;
    }

    @Command(
            name = "list",
            description = "List the tunnels that devices have open.",
            footer = {"%nExamples:", "  gatehouse tunnel list", "  gatehouse tunnel list --to world/asia -o json"})
    int list(@Mixin ToOption to, @Mixin KeyOption key) throws Trouble, InterruptedException {
        Session session = sessions.get();
        Scope scope = to.in(session);
        Signer signer = session.signer(key.file(), scope);
        session.sayWhichDemo();
        Screen screen = session.screen();
        try (Fleet fleet = session.connect(List.of(Roster.FILTER))) {
            Answers.Question question = new Answers.Question(scope, "tunnel.list", Map.of(), TIMEOUT);
            Answers answers = Answers.to(question, fleet, signer, request -> false, screen);
            if (screen.json()) {
                answers.objects().forEach(screen::object);
            } else {
                show(screen, answers);
            }
            answers.silent()
                    .forEach(device -> screen.note(
                            "no end of tunnel.list within " + Durations.words(TIMEOUT) + " from " + device));
            answers.remedies().forEach(remedy -> screen.note("what helps: " + remedy));
            return answers.exitCode();
        }
    }

    private static void show(Screen screen, Answers answers) {
        Table table = new Table(
                screen.paint(),
                "DEVICE",
                "ID",
                "RELAY",
                "LISTEN",
                "TARGET",
                "STATE",
                "OPENED",
                "UNTIL",
                "CONNECTIONS",
                "RECEIVED",
                "SENT",
                "BY");
        answers.ends().forEach((device, outcome) -> {
            if (outcome instanceof Outcome.Done done) {
                if (done.result().get("tunnels") instanceof List<?> tunnels) {
                    tunnels.forEach(tunnel -> row(table, device, tunnel));
                }
            } else {
                screen.note(answers.table().line(device));
            }
        });
        if (!table.isEmpty()) {
            screen.lines(table.lines());
        } else if (answers.exitCode() == 0) {
            screen.note("no tunnel is open");
        }
    }

    private static void row(Table table, String device, Object tunnel) {
        if (tunnel instanceof Map<?, ?> members) {
            table.row(Stream.concat(Stream.of(device), MEMBERS.stream().map(member -> cell(members.get(member))))
                    .toArray(String[]::new));
        }
    }

    private static String cell(@Nullable Object value) {
        return value == null ? "" : Plain.safe(String.valueOf(value));
    }

    @Command(
            name = "close",
            description = "Close a tunnel before its time is over.",
            footer = {"%nExamples:", "  gatehouse tunnel close dwr/311-a1/00-11-22-33-44-55 4f1c90a2b7de"})
    int close(
            @Parameters(index = "0", paramLabel = "DEVICE", description = "<family>/<model>/<id>") String named,
            @Parameters(
                            index = "1",
                            paramLabel = "ID",
                            description = "The tunnel's, as gatehouse tunnel list shows it.")
                    String id,
            @Mixin KeyOption key)
            throws Trouble, InterruptedException {
        ask(named, key, "tunnel.close", Map.of("id", id));
        sessions.get().screen().say("closed");
        return 0;
    }

    @Command(
            name = "key",
            description = {
                "Print the device's own key for SSH: for the authorized_keys of a relay.",
                "There, write permitlisten and restrict before it."
            },
            footer = {
                "%nExamples:",
                "  gatehouse tunnel key dwr/311-a1/00-11-22-33-44-55",
                "  echo 'restrict,port-forwarding,permitlisten=\"localhost:*\"' \"$(gatehouse tunnel key D)\" >>authorized_keys"
            })
    int key(
            @Parameters(index = "0", paramLabel = "DEVICE", description = "<family>/<model>/<id>") String named,
            @Mixin KeyOption key)
            throws Trouble, InterruptedException {
        OneDevice.Answer answer = ask(named, key, "tunnel.key", Map.of());
        Screen screen = sessions.get().screen();
        if (screen.json()) {
            screen.object(answer.result().values());
        } else {
            screen.line(answer.text("key"));
        }
        return 0;
    }

    private OneDevice.Answer ask(String named, KeyOption key, String command, Map<String, ?> arguments)
            throws Trouble, InterruptedException {
        Session session = sessions.get();
        String name = OneDevice.name(session, named);
        Signer signer = session.signer(key.file(), new Scope(name));
        try (Waiting waiting = Waiting.begin(session.screen(), name);
                Fleet fleet = session.connect(OneDevice.filters(name))) {
            return OneDevice.meet(fleet, signer, name, waiting).ask(command, arguments);
        }
    }
}
