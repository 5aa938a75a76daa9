package io.gatehouse.cli;

import io.gatehouse.cli.firmware.Bound;
import io.gatehouse.cli.firmware.Release;
import io.gatehouse.cli.firmware.Roll;
import io.gatehouse.cli.firmware.Rolling;
import io.gatehouse.cli.firmware.Steps;
import io.gatehouse.cli.fleet.ArtifactServer;
import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.screen.Screen;
import io.gatehouse.protocol.Firmware;
import io.gatehouse.protocol.Scope;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Brings a firmware onto a fleet, step by step. */
@Command(
        name = "roll",
        description = {
            "Bring a firmware onto more and more of the devices, and stop by itself where too many fail.",
            "A step is through when each of its devices that is there has applied it; those that are away",
            "are not waited for, and take it when they come back. All that it knows is at the broker: after",
            "Ctrl-C the same command goes on from there.",
            "The key needs the role firmware, and operator to cancel it at devices when it stops."
        },
        footer = {
            "%nExamples:",
            "  gatehouse firmware roll gateway.raucb --version V2.04B01 --sequence 204001 --compatible dwr-311-a1",
            "      --to dwr/311-a1 --steps 1,10,50,100 --stop-at-failures 2%%",
            "  gatehouse firmware roll … --stop-at-failures 3 --settle 1h --patience 6h",
            "%nWhen it stops, nobody else begins: the share becomes 0 %%, and devices that have not restarted yet",
            "are told to give it up (firmware.cancel). Those that run it go on."
        })
final class FirmwareRollCommand implements Callable<Integer> {
    private final Supplier<Session> sessions;
    private final Clock clock;

    @Mixin
    private ImageOptions image = new ImageOptions();

    @Mixin
    private ToOption to = new ToOption();

    @Option(
            names = "--steps",
            paramLabel = "PERCENT,…",
            defaultValue = "1,10,50,100",
            description = "The shares of the devices, each more than the one before (${DEFAULT-VALUE}).")
    private String steps = "";

    @Option(
            names = "--stop-at-failures",
            paramLabel = "SHARE|NUMBER",
            defaultValue = "2%",
            description = "Of the devices that came to an end, or as a number (${DEFAULT-VALUE}).")
    private String bound = "";

    @Option(
            names = "--patience",
            paramLabel = "TIME",
            defaultValue = "PT1H",
            description = {
                "How long a device is waited for (${DEFAULT-VALUE}). After that, one that has not",
                "begun is late and not waited for, and one that has counts as failed."
            })
    private Duration patience = Duration.ZERO;

    @Option(
            names = "--settle",
            paramLabel = "TIME",
            defaultValue = "PT10M",
            description = "How long after the last device of a step the next begins (${DEFAULT-VALUE}).")
    private Duration settle = Duration.ZERO;

    @Option(
            names = "--salt",
            paramLabel = "TEXT",
            description = "Which devices come first: another salt, others; without it the version.")
    @Nullable
    private String salt;

    @Mixin
    private KeyOption key = new KeyOption();

    FirmwareRollCommand(Supplier<Session> sessions, Clock clock) {
        this.sessions = sessions;
        this.clock = clock;
    }

    @Override
    public Integer call() throws Trouble {
        Roll roll = new Roll(Steps.parse(steps), Bound.parse(bound), settle);
        Firmware firmware = image.firmware(true);
        Session session = sessions.get();
        Scope scope = to.in(session);
        Signer signer = session.signer(key.file(), scope);
        session.sayWhichDemo();
        Release release = new Release(scope, firmware, salt == null ? firmware.version() : salt);
        return OrderlyEnd.after(() -> roll(session, signer, release, firmware, roll));
    }

    private int roll(Session session, Signer signer, Release release, Firmware firmware, Roll roll)
            throws Trouble, InterruptedException {
        Screen screen = session.screen();
        try (Fleet fleet = session.connect(Rolling.filters(release));
                ArtifactServer server =
                        new ArtifactServer(image.files(firmware), fleet::send, screen::note, image.room())) {
            Rolling.Parties parties = new Rolling.Parties(fleet, signer, server::take, screen);
            return new Rolling(parties, release, roll, patience, clock).run();
        } catch (InterruptedException e) {
            screen.note("it stays as it is; the same command goes on from here");
            throw e;
        }
    }
}
