package io.gatehouse.cli;

import io.gatehouse.cli.dev.Courier;
import io.gatehouse.cli.dev.Happenings;
import io.gatehouse.cli.dev.Project;
import io.gatehouse.cli.dev.Workshop;
import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.screen.Screen;
import io.gatehouse.protocol.Scope;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings a plug-in to a device each time that somebody saves it. */
@Command(
        name = "dev",
        description = {
            "Build a plug-in's project, bring it to a device, and show its first reading; again with each save.",
            "Each time it is a version of its own, and nothing is written into the project but its target folder.",
            "What does not compile, or fails on the device, is told, and the version before goes on.",
            "Ends with Ctrl-C, which leaves the last version on the device."
        },
        footer = {
            "%nExamples:",
            "  gatehouse dev rain                               on the demo's device",
            "  gatehouse dev rain --to dwr/311-a1/00-11-22-33-44-55 --remove-at-end",
            "  gatehouse dev rain --build 'mvn -q -P board package'"
        })
final class DevCommand implements Callable<Integer> {
    private final Supplier<Session> sessions;
    private final Clock clock;

    @Parameters(
            arity = "0..1",
            paramLabel = "PROJECT",
            defaultValue = ".",
            description = "The project's folder, with its pom.xml; without it this folder.")
    private Path folder = Path.of(".");

    @Option(names = "--to", paramLabel = "DEVICE", description = "<family>/<model>/<id>; without it the demo's device.")
    @Nullable
    private String device;

    @Option(
            names = "--build",
            paramLabel = "COMMAND",
            description = {
                "What builds it, in its folder, and leaves a bundle in target; without it mvnw if it is there, or mvn.",
                "With it each save takes all of that: nothing is compiled here."
            })
    @Nullable
    private String build;

    @Option(names = "--remove-at-end", description = "Take it away from the device at the end.")
    private boolean removeAtEnd;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "2m",
            description = "How long to wait for the device each time (${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ZERO;

    @Mixin
    private KeyOption key = new KeyOption();

    DevCommand(Supplier<Session> sessions, Clock clock) {
        this.sessions = sessions;
        this.clock = clock;
    }

    @Override
    public Integer call() throws Trouble {
        Project project = Project.at(folder, build == null);
        Session session = sessions.get();
        String name = OneDevice.name(session, device);
        Signer signer = session.signer(key.file(), new Scope(name));
        session.sayWhichDemo();
        return OrderlyEnd.after(() -> {
            develop(session.screen(), session, project, name, signer);
            return 0;
        });
    }

    private void develop(Screen screen, Session session, Project project, String name, Signer signer)
            throws Trouble, InterruptedException {
        try (Workshop workshop = new Workshop(project, Optional.ofNullable(build), clock);
                Fleet fleet = session.connect(Courier.filters(name));
                Courier courier = new Courier(fleet, signer, name, screen::note);
                Happenings happenings = new Happenings(project, fleet, courier::serves, screen::note)) {
            Development development = new Development(screen, workshop, courier, happenings, timeout);
            try {
                development.run(project.name(), name);
            } catch (InterruptedException e) {
                development.end(name, removeAtEnd);
                throw e;
            }
        }
    }
}
