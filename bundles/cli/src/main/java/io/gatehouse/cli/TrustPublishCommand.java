package io.gatehouse.cli;

import io.gatehouse.cli.fleet.KeyFile;
import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.fleet.TrustFile;
import io.gatehouse.cli.fleet.Wish;
import io.gatehouse.protocol.trust.SigningKey;
import io.gatehouse.protocol.trust.TrustDocument;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
    /** How long devices are usually awaited: there is nothing to fetch. */
    static final String USUALLY = "1m";

    private final Supplier<Session> sessions;
    private final Clock clock;

    @Parameters(paramLabel = "FILE", description = "The trust document.")
    private Path file = Path.of("");

    @Mixin
    private ToOption to = new ToOption();

    @Option(
            names = "--key",
            paramLabel = "FILE",
            required = true,
            description = "A root's private key; given twice where the document brings a new root: the old one first.")
    private List<Path> keys = List.of();

    @Mixin
    private Publishing publishing = new Publishing();

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
        Wish wish = Wish.trust(to.in(session), document);
        TrustCheck check = new TrustCheck(document, wish, signer.kids(), clock);
        String words = "trust version " + document.version() + " to " + wish.scope();
        return publishing.run(session, signer, wish, words, Map.of(), check);
    }
}
