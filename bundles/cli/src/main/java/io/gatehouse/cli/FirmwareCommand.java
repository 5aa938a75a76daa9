package io.gatehouse.cli;

import io.gatehouse.cli.firmware.Release;
import io.gatehouse.cli.firmware.StatusTable;
import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.Report;
import io.gatehouse.cli.fleet.Roster;
import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.fleet.Wish;
import io.gatehouse.cli.screen.Screen;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Scope;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The system below the gateway. */
@Command(
        name = "firmware",
        description = {
            "Replace the system below the gateway by RAUC, SWUpdate, Mender or sysupgrade, watch it, and stop it.",
            "What is wanted is signed by a key with the role firmware, commands by one with the role operator."
        },
        footer = {
            "%nExamples:",
            "  gatehouse firmware status dwr/311-a1",
            "  gatehouse firmware roll gateway.raucb --version V2.04B01 --sequence 204001 --compatible dwr-311-a1",
            "      --to dwr/311-a1 --steps 1,10,50,100 --stop-at-failures 2%%",
            "  gatehouse firmware pause --to dwr/311-a1"
        })
final class FirmwareCommand {
    private static final Duration QUIET = Duration.ofMillis(150);

    private final Supplier<Session> sessions;

    FirmwareCommand(Supplier<Session> sessions) {
        this.sessions = sessions;
    }

    @Command(
            name = "status",
            description = "Show which firmware devices run, and how far they are with what is wanted.",
            footer = {"%nExamples:", "  gatehouse firmware status", "  gatehouse firmware status world/asia -o json"})
    int status(
            @Parameters(
                            arity = "0..1",
                            paramLabel = "SCOPE",
                            description = "Only devices of this place, family or model.")
                    @Nullable
                    String scope)
            throws Trouble, InterruptedException {
        Session session = sessions.get();
        Optional<Scope> only = scope == null ? Optional.empty() : Optional.of(session.scope(scope, "SCOPE"));
        session.sayWhichDemo();
        Screen screen = session.screen();
        StatusTable table = new StatusTable(screen);
        try (Fleet fleet = session.connect(List.of(Roster.FILTER, Report.filter(Release.RESOURCE)))) {
            fleet.retained(QUIET).forEach(table::take);
            if (!table.show(only)) {
                screen.note("nothing is reported of firmware"
                        + only.map(under -> " under " + under).orElse("") + " at " + fleet.broker());
            }
        }
        return 0;
    }

    @Command(
            name = "remove",
            description = {
                "Take away what was wanted at this scope, and wait until devices say so.",
                "No firmware is taken away; what has not been installed yet is given up."
            },
            footer = {"%nExamples:", "  gatehouse firmware remove --to dwr/311-a1"})
    int remove(
            @Option(
                            names = {"--to", "--from"},
                            paramLabel = "SCOPE",
                            description = "The scope that it was wanted at; without it the demo's device.")
                    @Nullable
                    String scope,
            @Mixin KeyOption key,
            @Mixin Publishing publishing)
            throws Trouble, InterruptedException {
        Session session = sessions.get();
        Wish wish = new Wish(session.scope(scope, "--to"), Release.RESOURCE, Optional.empty(), Envelope.REMOVED);
        Signer signer = session.signer(key.file(), wish.scope());
        return publishing.run(session, signer, wish, "no firmware wanted at " + wish.scope());
    }

    @Command(
            name = "pause",
            description = {
                "Have devices begin nothing more until resume, also over restarts.",
                "A fetch or an installation that goes on is stopped."
            })
    int pause(@Mixin ToOption to, @Mixin KeyOption key, @Mixin TimeoutOption timeout) throws Trouble {
        return order("firmware.pause", to, key, timeout);
    }

    @Command(name = "resume", description = "Have devices go on after pause.")
    int resume(@Mixin ToOption to, @Mixin KeyOption key, @Mixin TimeoutOption timeout) throws Trouble {
        return order("firmware.resume", to, key, timeout);
    }

    @Command(
            name = "cancel",
            description = {
                "Have devices give up what is wanted, unless it is on trial already.",
                "A newer document is looked at again."
            })
    int cancel(@Mixin ToOption to, @Mixin KeyOption key, @Mixin TimeoutOption timeout) throws Trouble {
        return order("firmware.cancel", to, key, timeout);
    }

    @Command(name = "retry", description = "Have devices try again what was refused, failed, cancelled or rolled back.")
    int retry(@Mixin ToOption to, @Mixin KeyOption key, @Mixin TimeoutOption timeout) throws Trouble {
        return order("firmware.retry", to, key, timeout);
    }

    private int order(String command, ToOption to, KeyOption key, TimeoutOption timeout) throws Trouble {
        Session session = sessions.get();
        return CmdCommand.order(session, key, new Answers.Question(to.in(session), command, Map.of(), timeout.time()));
    }
}
