package io.gatehouse.cli;

import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.fleet.TrustEdit;
import io.gatehouse.cli.fleet.TrustFile;
import io.gatehouse.protocol.trust.Relay;
import io.gatehouse.protocol.trust.TrustDocument;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says in a trust document at which relays devices may open tunnels. */
@Command(
        name = "relay",
        description = {
            "Add, change or remove a relay: an SSH server at which devices open tunnels.",
            "Where the document names any relay, devices speak to no other: gatehouse tunnel and gatehouse shell then",
            "need --relay."
        },
        footer = {
            "%nExamples:",
            "  gatehouse trust relay trust.json relay.example.com:22 --host-key SHA256:…",
            "  ssh-keyscan -t ed25519 relay.example.com | ssh-keygen -lf -    prints what to compare and to write there",
            "  gatehouse trust relay trust.json relay.example.com:22 --remove"
        })
final class TrustRelayCommand implements Callable<Integer> {
    private final Supplier<Session> sessions;

    @Parameters(index = "0", paramLabel = "FILE", description = "The trust document.")
    private Path file = Path.of("");

    @Parameters(index = "1", paramLabel = "ADDRESS", description = "The relay, as devices reach it: host:port.")
    private String address = "";

    @Option(
            names = "--host-key",
            paramLabel = "SHA256:…",
            split = ",",
            description = "The fingerprints of its host keys.")
    private List<String> hostKeys = List.of();

    @Option(names = "--remove", description = "Let devices go there no more.")
    private boolean remove;

    TrustRelayCommand(Supplier<Session> sessions) {
        this.sessions = sessions;
    }

    @Override
    public Integer call() throws Trouble {
        TrustEdit edit = new TrustEdit(TrustFile.read(file));
        TrustDocument next = (remove ? edit.removeRelay(address) : edit.put(relay())).next();
        TrustFile.write(file, next);
        sessions.get().screen().say(file + " is version " + next.version());
        return 0;
    }

    private Relay relay() throws Trouble {
        try {
            return new Relay(address, hostKeys);
        } catch (IllegalArgumentException e) {
            throw new Trouble(Trouble.Kind.USAGE, e.getMessage() + "; --remove takes one away", e);
        }
    }
}
