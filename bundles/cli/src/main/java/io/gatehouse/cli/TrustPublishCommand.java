package io.gatehouse.cli;

import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.KeyFile;
import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.fleet.TrustFile;
import io.gatehouse.cli.fleet.Wish;
import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.trust.SigningKey;
import io.gatehouse.protocol.trust.TrustDocument;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings a trust document to devices. */
@Command(
        name = "publish",
        description = {
            "Sign a trust document by root keys, bring it to devices, and wait until each has it.",
            "What devices would refuse, or what would shut the fleet out, is refused here and not published."
        },
        footer = {
            "%nExamples:",
            "  gatehouse trust publish trust.json --to dwr --key root.key",
            "  gatehouse trust publish trust.json --to dwr --key root.key --key new.key    with a new root"
        })
final class TrustPublishCommand implements Callable<Integer> {
    private final Supplier<Session> sessions;
    private final Clock clock;

    @Parameters(paramLabel = "FILE", description = "The trust document.")
    private Path file = Path.of("");

    @Option(
            names = "--to",
            paramLabel = "SCOPE",
            description = "A device, model, family or place; without it the demo's device.")
    @Nullable
    private String to;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            required = true,
            description = "A root's private key; given twice where the document brings a new root: the old one first.")
    private List<Path> keys = List.of();

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "1m",
            description = "How long to wait for the devices (${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ZERO;

    @Option(names = "--no-wait", description = "Publish and end.")
    private boolean noWait;

    TrustPublishCommand(Supplier<Session> sessions, Clock clock) {
        this.sessions = sessions;
        this.clock = clock;
    }

    @Override
    public Integer call() throws Trouble, InterruptedException {
        TrustDocument document = TrustFile.read(file);
        List<SigningKey> read = new ArrayList<>();
        for (Path key : keys) {
            read.add(KeyFile.read(key));
        }
        Signer signer = new Signer(read, clock);
        Session session = sessions.get();
        Scope scope = session.scope(to, "--to");
        Wish wish = Wish.trust(scope, document);
        TrustCheck check = new TrustCheck(document, wish, signer.kids(), clock);
        session.sayWhichDemo();
        List<String> filters = new ArrayList<>(Following.filters(wish));
        filters.addAll(TrustCheck.filters(scope));
        try (Fleet fleet = session.connect(filters)) {
            session.screen().say("trust version " + document.version() + " to " + scope);
            Following following = new Following(fleet, signer, wish, request -> false, session.screen());
            return noWait ? following.publish(check) : following.run(timeout, check);
        }
    }
}
