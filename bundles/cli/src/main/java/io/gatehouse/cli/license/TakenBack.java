package io.gatehouse.cli.license;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.license.Revocations;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an issuer took back, as its lists at the broker and in its own file have it. A list of its own counts for good: that somebody took it away
 * at the broker gives nothing back.
 */
public final class TakenBack {
    /** Topic filters of the lists, wherever they are. */
    static final List<String> FILTERS = filters();

    private final OwnTokens own;
    private final Optional<Path> file;
    private final Map<String, Revocations> lists = new HashMap<>();

    private TakenBack(OwnTokens own, Optional<Path> file) {
        this.own = own;
        this.file = file;
    }

    /**
     * As an issuer knows it at first.
     *
     * @param file the issuer's list; read anew each time that something is asked, as it grows
     * @throws Trouble if there is none in it, or it is not the issuer's own
     */
    public static TakenBack of(OwnTokens own, Optional<Path> file) throws Trouble {
        TakenBack takenBack = new TakenBack(own, file);
        List<Revocations> unused = takenBack.inFile();
        return takenBack;
    }

    private static List<String> filters() {
        List<String> filters = new ArrayList<>();
        for (int levels = 1; levels <= 1 + Renewals.DEEPEST; levels++) {
            filters.add("+/".repeat(levels) + "desired/" + LicenseReport.REVOCATION + "/+");
        }
        return List.copyOf(filters);
    }

    /**
     * Takes a list that the broker keeps.
     *
     * @return why it counts for nothing; nothing where it counts
     * @throws BadArgument if it is none
     */
    Optional<String> take(Message message) {
        Optional<Object> spec = Envelope.read(message.payload()).spec();
        if (spec.isEmpty()) {
            return Optional.empty();
        }
        Token<Revocations> token = Token.revocations(String.valueOf(spec.get()));
        Optional<String> foreign = own.foreignList(token);
        if (foreign.isEmpty()) {
            lists.merge(
                    message.topic() + " " + token.claims().issuer(),
                    token.claims(),
                    (before, next) -> next.sequence() > before.sequence() ? next : before);
        }
        return foreign;
    }

    /**
     * How a license was taken back; nothing where it was not.
     *
     * @throws Trouble if the file cannot be read any more
     */
    Optional<Revocations.Revoked> of(License license) throws Trouble {
        List<Revocations> all = new ArrayList<>(inFile());
        all.addAll(lists.values());
        return all.stream().flatMap(list -> list.of(license).stream()).findFirst();
    }

    private List<Revocations> inFile() throws Trouble {
        if (file.isEmpty()) {
            return List.of();
        }
        Token<Revocations> token = TokenFile.revocations(file.get());
        Optional<String> foreign = own.foreignList(token);
        if (foreign.isPresent()) {
            throw new Trouble(Trouble.Kind.USAGE, file.get() + ": " + foreign.get());
        }
        return List.of(token.claims());
    }
}
