package io.gatehouse.cli.license;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.license.Revocations;
import io.gatehouse.protocol.trust.Jwt;
import java.io.IOException;
import java.util.Map;
import java.util.function.Function;

/**
 * A license or a revocation list, signed, and believed by nobody yet.
 *
 * @param text the compact JWS
 * @param type its {@code typ}
 */
public record Token<T>(String text, Jwt.Type type, Jwt jwt, T claims) {
    /**
     * Reads a license.
     *
     * @throws BadArgument if it is none
     */
    public static Token<License> license(String text) {
        return read(text, License.TYPE, License::read);
    }

    /**
     * Reads a revocation list.
     *
     * @throws BadArgument if it is none
     */
    public static Token<Revocations> revocations(String text) {
        return read(text, Revocations.TYPE, Revocations::read);
    }

    private static <T> Token<T> read(String text, Jwt.Type type, Function<Members, T> reader) {
        Jwt jwt = Jwt.read(text, type);
        return new Token<>(text, type, jwt, reader.apply(jwt.claims()));
    }

    /**
     * Signs a license.
     *
     * @throws Trouble if the key cannot be reached, or it gets too long
     */
    public static String sign(Jwt.Signer signer, License license) throws Trouble {
        return sign(signer, License.TYPE, license.write(), "license " + license.id());
    }

    /** As {@link #sign(Jwt.Signer, License)}, a revocation list. */
    public static String sign(Jwt.Signer signer, Revocations list) throws Trouble {
        return sign(signer, Revocations.TYPE, list.write(), "revocation list of " + list.issuer());
    }

    private static String sign(Jwt.Signer signer, Jwt.Type type, Map<String, ?> claims, String what) throws Trouble {
        try {
            return Jwt.sign(signer, type, claims);
        } catch (IllegalArgumentException e) {
            throw new Trouble(Trouble.Kind.USAGE, what + " cannot be signed: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new Trouble(Trouble.Kind.REFUSED, "cannot sign the " + what + ": " + e.getMessage(), e);
        }
    }
}
