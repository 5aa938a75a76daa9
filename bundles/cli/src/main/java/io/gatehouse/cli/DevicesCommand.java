package io.gatehouse.cli;

import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.Roster;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.screen.Paint;
import io.gatehouse.cli.screen.Plain;
import io.gatehouse.cli.screen.Screen;
import io.gatehouse.cli.screen.Table;
import io.gatehouse.protocol.Scope;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists the devices. */
@Command(
        name = "devices",
        description = "List the devices that the broker knows, and whether they are there.",
        footer = {
            "%nExamples:",
            "  gatehouse devices",
            "  gatehouse devices world/asia -o json",
            "  gatehouse devices --wait --timeout 1m    until one is online"
        })
final class DevicesCommand implements Callable<Integer> {
    private static final Duration QUIET = Duration.ofMillis(150);

    private final Supplier<Session> sessions;

    @Parameters(arity = "0..1", paramLabel = "SCOPE", description = "Only devices of this place, family or model.")
    @Nullable
    private String scope;

    @Option(names = "--wait", description = "Wait until at least one is online.")
    private boolean wait;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "How long to wait with --wait (${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ZERO;

    DevicesCommand(Supplier<Session> sessions) {
        this.sessions = sessions;
    }

    @Override
    public Integer call() throws Trouble, InterruptedException {
        Session session = sessions.get();
        Optional<Scope> only = scope == null ? Optional.empty() : Optional.of(session.scope(scope, "SCOPE"));
        session.sayWhichDemo();
        Roster roster = new Roster();
        try (Fleet fleet = session.connect(List.of(Roster.FILTER))) {
            fleet.retained(QUIET).forEach(roster::take);
            long end = System.nanoTime() + timeout.toNanos();
            while (wait && shown(roster, only).stream().noneMatch(Roster.Member::online)) {
                roster.take(fleet.next(Duration.ofNanos(end - System.nanoTime()))
                        .orElseThrow(() -> new Trouble(
                                Trouble.Kind.NO_ANSWER,
                                "no device came online within " + Durations.words(timeout) + " at " + fleet.broker())));
            }
            show(session.screen(), shown(roster, only), only, fleet);
        }
        return 0;
    }

    private static List<Roster.Member> shown(Roster roster, Optional<Scope> only) {
        return roster.all().stream()
                .filter(member -> only.map(scope -> scope.covers(member.device(), member.place()))
                        .orElse(true))
                .toList();
    }

    private static void show(Screen screen, List<Roster.Member> members, Optional<Scope> only, Fleet fleet) {
        if (screen.json()) {
            members.forEach(member -> screen.object(object(member)));
            return;
        }
        if (members.isEmpty()) {
            screen.note("no devices" + only.map(scope -> " under " + scope).orElse("") + " at " + fleet.broker());
            return;
        }
        Paint paint = screen.paint();
        Table table = new Table(paint, "DEVICE", "STATE", "SINCE", "PLACE", "RUNTIME", "FIRMWARE", "REASON");
        for (Roster.Member member : members) {
            table.row(
                    member.device(),
                    member.online() ? paint.good("online") : paint.bad(member.text("state")),
                    shown(member, "at"),
                    shown(member, "place"),
                    shown(member, "runtime"),
                    shown(member, "firmware"),
                    shown(member, "reason"));
        }
        screen.lines(table.lines());
    }

    private static String shown(Roster.Member member, String name) {
        return Plain.safe(member.text(name));
    }

    private static Map<String, Object> object(Roster.Member member) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("device", member.device());
        object.putAll(member.status().values());
        return object;
    }
}
