package io.gatehouse.cli;

import io.gatehouse.cli.fleet.FeatureFile;
import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.fleet.Wish;
import io.gatehouse.cli.screen.Screen;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Feature;
import io.gatehouse.protocol.Rollout;
import io.gatehouse.protocol.Scope;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings bundles onto devices. */
@Command(
        name = "install",
        description = {
            "Bring bundles onto devices while they run, and wait until each has proven the change or put it back.",
            "The files travel over the broker, served by this command while it waits; with --no-wait, what has",
            "no url must be served by somebody else."
        },
        footer = {
            "%nExamples:",
            "  gatehouse install target/hello-0.1.0.jar",
            "  gatehouse install target/hello-0.1.0.jar --to dwr/311-a1 --rollout 20",
            "  gatehouse install modbus.jar jserial.jar --name modbus --to world/asia/taiwan",
            "  gatehouse install feature.json --dry-run    what would change, touching nothing"
        })
final class InstallCommand implements Callable<Integer> {
    private final Supplier<Session> sessions;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "JAR files that are OSGi bundles, or one OSGi feature file (.json).")
    private List<Path> files = List.of();

    @Mixin
    private ToOption to = new ToOption();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "What to call it; without it the JAR file's artifact or the feature's.")
    @Nullable
    private String name;

    @Mixin
    private KeyOption key = new KeyOption();

    @Option(names = "--dry-run", description = "Ask what it would install, update, remove and restart; change nothing.")
    private boolean dryRun;

    @Mixin
    private Publishing publishing = new Publishing();

    @Option(
            names = "--rollout",
            paramLabel = "PERCENT",
            description = "Only this share of the devices, always the same ones for the same version.")
    private int rollout = 100;

    InstallCommand(Supplier<Session> sessions) {
        this.sessions = sessions;
    }

    @Override
    public Integer call() throws Trouble, InterruptedException {
        if (rollout < 0 || rollout > 100) {
            throw new Trouble(Trouble.Kind.USAGE, "--rollout must be from 0 to 100: " + rollout);
        }
        FeatureFile feature = FeatureFile.read(files, Optional.ofNullable(name));
        Session session = sessions.get();
        Wish wish = wish(to.in(session), feature);
        Signer signer = session.signer(key.file(), wish.scope());
        if (dryRun) {
            session.sayWhichDemo();
            return new DryRun(wish, feature, publishing.timeout()).run(session, signer);
        }
        noteUnserved(feature, session.screen());
        String words = "install " + feature.feature().id() + " to " + wish.scope() + " as " + feature.name();
        return publishing.run(session, signer, wish, words, feature.files(), Following.Check.NONE);
    }

    private Wish wish(Scope scope, FeatureFile feature) throws Trouble {
        // The id is the salt: widening the share of one version adds devices and takes none away.
        Rollout share = rollout == 100
                ? Rollout.ALL
                : new Rollout(rollout, feature.feature().id());
        return Wish.feature(scope, feature.name(), new Envelope(Optional.of(feature.spec()), share));
    }

    private void noteUnserved(FeatureFile feature, Screen screen) {
        if (publishing.noWait()) {
            feature.feature().bundles().stream()
                    .filter(bundle -> bundle.artifact().url().isEmpty())
                    .map(Feature.Bundle::id)
                    .forEach(id -> screen.note(id + " has no url: devices get it when somebody serves it"));
        } else if (!feature.unserved().isEmpty()) {
            screen.note("neither here nor at a url, so devices must have it already: "
                    + String.join(", ", feature.unserved()));
        }
    }
}
