package io.gatehouse.cli;

import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.fleet.Wish;
import io.gatehouse.cli.screen.Screen;
import io.gatehouse.protocol.Envelope;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes a feature away. */
@Command(
        name = "remove",
        description = {
            "Take away what was installed under this name at this scope, and wait until devices have done so.",
            "Where a wider scope or the image has the bundles too, those come back."
        },
        footer = {"%nExamples:", "  gatehouse remove hello", "  gatehouse remove modbus --from world/asia/taiwan"})
final class RemoveCommand implements Callable<Integer> {
    private final Supplier<Session> sessions;

    @Parameters(paramLabel = "NAME", description = "What it is called: the last level of its desired topic.")
    private String name = "";

    @Option(
            names = "--from",
            paramLabel = "SCOPE",
            description = "The scope that it was installed to; without it the demo's device.")
    @Nullable
    private String from;

    @Mixin
    private KeyOption key = new KeyOption();

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "5m",
            description = "How long to wait for the devices (${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ZERO;

    @Option(names = "--no-wait", description = "Publish and end.")
    private boolean noWait;

    RemoveCommand(Supplier<Session> sessions) {
        this.sessions = sessions;
    }

    @Override
    public Integer call() throws Trouble, InterruptedException {
        Session session = sessions.get();
        Wish wish = Wish.feature(session.scope(from, "--from"), name, Envelope.REMOVED);
        Signer signer = session.signer(key.file(), wish.scope());
        session.sayWhichDemo();
        Screen screen = session.screen();
        try (Fleet fleet = session.connect(noWait ? List.of(wish.topic()) : Following.filters(wish))) {
            Following following = new Following(fleet, signer, wish, request -> false, screen);
            if (noWait) {
                return following.publish(Following.Check.NONE);
            }
            screen.say("remove " + name + " from " + wish.scope());
            return following.run(timeout, Following.Check.NONE);
        }
    }
}
