package io.gatehouse.cli.ca;

import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.protocol.Pem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The certificates that a broker is not to believe although they have not ended: an X.509 CRL in PEM, as mosquitto reads it
 * (mosquitto.conf(5), crlfile).
 *
 * @param pem the list
 * @param serials whom it names, in the form of {@link Tokens.Listed}
 * @param until a broker that still has the list after that lets nobody in
 */
public record RevocationList(String pem, List<String> serials, Instant until) {
    private static final String LABEL = "X509 CRL";
    private static final long MOST_DAYS = 36500;

    public RevocationList {
        serials = List.copyOf(serials);
    }

    /**
     * Of all whose names were released until now.
     *
     * @param days for how many it is good
     */
    public static RevocationList of(Authority authority, long days) throws Trouble {
        if (days < 1 || days > MOST_DAYS) {
            throw new Trouble(Trouble.Kind.USAGE, "--days must be from 1 to " + MOST_DAYS + ": " + days);
        }
        Instant now = authority.clock().instant();
        Instant until = now.plus(Duration.ofDays(days));
        return authority.register().locked(additions -> {
            List<Register.Revoked> revoked = authority.register().revoked().stream()
                    .filter(each -> each.issued().until().isAfter(now))
                    .toList();
            List<String> serials =
                    revoked.stream().map(each -> each.issued().serial()).toList();
            return new RevocationList(Pem.write(LABEL, authority.revoke(revoked, until)), serials, until);
        });
    }

    /** Puts it into a file, whole or not at all. */
    public void write(Path file) throws Trouble {
        try {
            Authority.write(file, pem);
        } catch (IOException e) {
            throw new Trouble(Trouble.Kind.USAGE, "cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
