package io.gatehouse.cli;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.cli.fleet.ArtifactServer;
import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.fleet.Wish;
import io.gatehouse.cli.screen.Screen;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** Brings a wish to devices, and awaits them for so long, or not at all. */
final class Publishing {
    private static final String TIMEOUT = "--timeout";

    @Option(
            names = TIMEOUT,
            paramLabel = "TIME",
            defaultValue = "5m",
            description = "How long to wait for the devices (${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ZERO;

    @Option(names = "--no-wait", description = "Publish and end.")
    private boolean noWait;

    /** For commands that devices are usually quicker or slower with. */
    static IDefaultValueProvider waiting(String usually) {
        return arg -> arg instanceof OptionSpec option && option.longestName().equals(TIMEOUT) ? usually : null;
    }

    Duration timeout() {
        return timeout;
    }

    /** Whether nobody is awaited; files are not served then either. */
    boolean noWait() {
        return noWait;
    }

    /** Publishes what needs no files and no check; the exit code. */
    int run(Session session, Signer signer, Wish wish, String words) throws Trouble, InterruptedException {
        return run(session, signer, wish, words, Map.of(), Following.Check.NONE);
    }

    /** As {@link #run(Session, Signer, Wish, String, Map, Following.Check, long)}, with the usual room. */
    int run(Session session, Signer signer, Wish wish, String words, Map<Sha256, Path> files, Following.Check check)
            throws Trouble, InterruptedException {
        return run(session, signer, wish, words, files, check, ArtifactServer.ROOM);
    }

    /**
     * Publishes it; the exit code.
     *
     * @param words what is said of it at the beginning
     * @param files to be served while devices are awaited
     * @param room bytes of them on their way at most
     */
    int run(
            Session session,
            Signer signer,
            Wish wish,
            String words,
            Map<Sha256, Path> files,
            Following.Check check,
            long room)
            throws Trouble, InterruptedException {
        session.sayWhichDemo();
        Screen screen = session.screen();
        Set<String> filters = new LinkedHashSet<>(noWait ? List.of(wish.topic()) : Following.filters(wish));
        filters.addAll(check.filters());
        try (Fleet fleet = session.connect(List.copyOf(filters));
                ArtifactServer server = new ArtifactServer(files, fleet::send, screen::note, room)) {
            screen.say(words);
            Following following = new Following(fleet, signer, wish, server::take, screen);
            return noWait ? following.publish(check) : following.run(timeout, check);
        }
    }
}
