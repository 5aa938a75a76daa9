package io.gatehouse.cli;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.ArtifactServer;
import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.fleet.Wish;
import io.gatehouse.cli.screen.Screen;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Rollout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Replaces what lies below the bundles: the framework, the launcher, and Java where the archive brings one. */
@Command(
        name = "runtime",
        description = {
            "Replace what lies below the bundles: the framework, the launcher, and Java where the archive has one.",
            "Devices start it on probation and go back by themselves where it does not prove itself. The key needs",
            "the role firmware."
        },
        footer = {
            "%nExamples:",
            "  gatehouse runtime install gatehouse-runtime.zip --version 1.3.0 --to dwr/311-a1",
            "  gatehouse runtime remove --from dwr/311-a1       back to the runtime of the image"
        })
final class RuntimeCommand {
    private static final String RESOURCE = "runtime";
    private static final String LONG = "15m";

    private final Supplier<Session> sessions;

    RuntimeCommand(Supplier<Session> sessions) {
        this.sessions = sessions;
    }

    @Command(
            name = "install",
            description = "Bring a runtime onto devices, and wait until each has proven it or gone back.",
            footer = {"%nExamples:", "  gatehouse runtime install gatehouse-runtime.zip --version 1.3.0"})
    int install(
            @Parameters(
                            paramLabel = "ZIP",
                            description = "What a build puts out, with bin, lib, bundles and conf, and java if any.")
                    Path archive,
            @Option(
                            names = "--version",
                            paramLabel = "VERSION",
                            required = true,
                            description = "What to call it in reports, for example 1.3.0.")
                    String version,
            @Option(
                            names = "--to",
                            paramLabel = "SCOPE",
                            description = "A device, model, family or place; without it the demo's device.")
                    @Nullable
                    String to,
            @Option(
                            names = "--timeout",
                            paramLabel = "TIME",
                            defaultValue = LONG,
                            description = "How long to wait for the devices (${DEFAULT-VALUE}).")
                    Duration timeout,
            @Mixin KeyOption key,
            // its --version takes the place of the one that all commands have, and --help came with that
            @Option(
                            names = {"-h", "--help"},
                            usageHelp = true,
                            description = "Show this help message and exit.")
                    boolean help)
            throws Trouble, InterruptedException {
        Map<String, Object> spec = new LinkedHashMap<>();
        Sha256 sha256;
        try {
            sha256 = Sha256.of(archive);
            spec.put("version", version);
            spec.put("sha256", sha256.hex());
            spec.put("size", Files.size(archive));
        } catch (IOException e) {
            throw new Trouble(Trouble.Kind.USAGE, "cannot read " + archive + ": " + e.getMessage(), e);
        }
        Session session = sessions.get();
        Wish wish = new Wish(
                session.scope(to, "--to"), RESOURCE, Optional.empty(), new Envelope(Optional.of(spec), Rollout.ALL));
        Signer signer = session.signer(key.file(), wish.scope());
        session.sayWhichDemo();
        Screen screen = session.screen();
        try (Fleet fleet = session.connect(Following.filters(wish));
                ArtifactServer server = new ArtifactServer(Map.of(sha256, archive), fleet, screen::note)) {
            screen.say("runtime " + version + " to " + wish.scope());
            return follow(fleet, signer, wish, server::take, timeout, screen);
        }
    }

    @Command(
            name = "remove",
            description = "Go back to the runtime of the image, or of a wider scope.",
            footer = {"%nExamples:", "  gatehouse runtime remove --from dwr/311-a1"})
    int remove(
            @Option(
                            names = "--from",
                            paramLabel = "SCOPE",
                            description = "The scope that it was installed to; without it the demo's device.")
                    @Nullable
                    String from,
            @Option(
                            names = "--timeout",
                            paramLabel = "TIME",
                            defaultValue = LONG,
                            description = "How long to wait for the devices (${DEFAULT-VALUE}).")
                    Duration timeout,
            @Mixin KeyOption key)
            throws Trouble, InterruptedException {
        Session session = sessions.get();
        Wish wish = new Wish(session.scope(from, "--from"), RESOURCE, Optional.empty(), Envelope.REMOVED);
        Signer signer = session.signer(key.file(), wish.scope());
        session.sayWhichDemo();
        try (Fleet fleet = session.connect(Following.filters(wish))) {
            session.screen().say("no runtime but the image's at " + wish.scope());
            return follow(fleet, signer, wish, request -> false, timeout, session.screen());
        }
    }

    private static int follow(
            Fleet fleet, Signer signer, Wish wish, Predicate<Message> server, Duration timeout, Screen screen)
            throws Trouble, InterruptedException {
        return new Following(fleet, signer, wish, server, screen).run(timeout, Following.Check.NONE);
    }
}
