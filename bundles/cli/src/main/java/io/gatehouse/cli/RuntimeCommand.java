package io.gatehouse.cli;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.fleet.Wish;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Rollout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
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
    /** How long devices are usually awaited: they start it, and may go back. */
    static final String USUALLY = "15m";

    private static final String RESOURCE = "runtime";

    private final Supplier<Session> sessions;

    RuntimeCommand(Supplier<Session> sessions) {
        this.sessions = sessions;
    }

    @Command(
            name = "install",
            description = {
                "Bring a runtime onto devices, and wait until each has proven it or gone back.",
                "It travels over the broker, served by this command while it waits; with --no-wait, somebody else",
                "must serve it."
            },
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
            @Mixin ToOption to,
            @Mixin KeyOption key,
            @Mixin Publishing publishing,
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
        Wish wish = new Wish(to.in(session), RESOURCE, Optional.empty(), new Envelope(Optional.of(spec), Rollout.ALL));
        Signer signer = session.signer(key.file(), wish.scope());
        if (publishing.noWait()) {
            session.screen().note(archive + " has no url: devices get it when somebody serves it");
        }
        String words = "runtime " + version + " to " + wish.scope();
        return publishing.run(session, signer, wish, words, Map.of(sha256, archive), Following.Check.NONE);
    }

    @Command(
            name = "remove",
            description = "Go back to the runtime of the image, or of a wider scope.",
            footer = {"%nExamples:", "  gatehouse runtime remove --from dwr/311-a1"})
    int remove(@Mixin FromOption from, @Mixin KeyOption key, @Mixin Publishing publishing)
            throws Trouble, InterruptedException {
        Session session = sessions.get();
        Wish wish = new Wish(from.in(session), RESOURCE, Optional.empty(), Envelope.REMOVED);
        Signer signer = session.signer(key.file(), wish.scope());
        return publishing.run(session, signer, wish, "no runtime but the image's at " + wish.scope());
    }
}
