package io.gatehouse.cli.license;

import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.protocol.Names;
import io.gatehouse.protocol.license.Revocations;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An issuer's revocation list in a file, which only grows. */
public final class RevocationFile {
    private RevocationFile() {}

    /**
     * What is to be revoked, as it is typed: a license's name, and behind an {@code @} the last sequence of it that is.
     *
     * @throws Trouble if the sequence is none
     */
    public static Revocations.Revoked read(String text, Optional<String> reason) throws Trouble {
        int at = text.lastIndexOf('@');
        if (at < 1 || !text.substring(at + 1).matches("[0-9]+")) {
            return new Revocations.Revoked(text, Optional.empty(), reason);
        }
        try {
            long upTo = Long.parseLong(text.substring(at + 1));
            if (upTo >= 1) {
                return new Revocations.Revoked(text.substring(0, at), Optional.of(upTo), reason);
            }
        } catch (NumberFormatException e) {
            throw new Trouble(Trouble.Kind.USAGE, "the sequence is too large: " + text, e);
        }
        throw new Trouble(Trouble.Kind.USAGE, "a sequence is at least 1: " + text);
    }

    /**
     * The list that comes behind the one in the file, or the first.
     *
     * @param issuer whose it is, where that was said
     * @param own which lists are that issuer's
     * @throws Trouble if the file holds another's; or nobody says whose the first is
     */
    public static Revocations next(
            Path file, Optional<String> issuer, List<Revocations.Revoked> more, OwnTokens own, Instant now)
            throws Trouble {
        Instant signed = now.truncatedTo(ChronoUnit.SECONDS);
        if (Files.notExists(file)) {
            return new Revocations(named(file, issuer, own), signed, 1, with(List.of(), more));
        }
        Token<Revocations> before = TokenFile.revocations(file);
        Optional<String> foreign = own.foreignList(before);
        if (foreign.isPresent()) {
            throw new Trouble(
                    Trouble.Kind.USAGE,
                    file + " is not gone on with: " + foreign.get() + "; take the list from where it was written");
        }
        String name = before.claims().issuer();
        if (issuer.isPresent() && !issuer.get().equals(name)) {
            throw new Trouble(
                    Trouble.Kind.USAGE, file + " is the list of " + name + ", and --issuer is " + issuer.get());
        }
        return new Revocations(
                name,
                signed,
                Math.addExact(before.claims().sequence(), 1),
                with(before.claims().revoked(), more));
    }

    /** Whose a first list is. */
    private static String named(Path file, Optional<String> issuer, OwnTokens own) throws Trouble {
        String name = issuer.or(own::issuer)
                .orElseThrow(() -> new Trouble(
                        Trouble.Kind.USAGE, "whose list is it? There is no " + file + " yet: add --issuer NAME"));
        if (!Names.isName(name)) {
            throw new Trouble(Trouble.Kind.USAGE, "--issuer must be " + Names.FORM + ": " + name);
        }
        Optional<String> other = own.issuer().filter(known -> !known.equals(name));
        if (other.isPresent()) {
            throw new Trouble(
                    Trouble.Kind.USAGE,
                    "--issuer is " + name + ", and the trust document has the key under " + other.get());
        }
        return name;
    }

    private static List<Revocations.Revoked> with(List<Revocations.Revoked> before, List<Revocations.Revoked> more) {
        List<Revocations.Revoked> all = new ArrayList<>(before);
        for (Revocations.Revoked one : more) {
            Optional<Revocations.Revoked> was =
                    all.stream().filter(old -> old.jti().equals(one.jti())).findFirst();
            was.ifPresent(all::remove);
            all.add(was.map(old -> both(old, one)).orElse(one));
        }
        return all;
    }

    /** Nothing that was revoked comes back. */
    private static Revocations.Revoked both(Revocations.Revoked old, Revocations.Revoked one) {
        Optional<Long> upTo = old.upTo().isEmpty() || one.upTo().isEmpty()
                ? Optional.empty()
                : Optional.of(Math.max(old.upTo().get(), one.upTo().get()));
        return new Revocations.Revoked(one.jti(), upTo, one.reason().or(old::reason));
    }
}
