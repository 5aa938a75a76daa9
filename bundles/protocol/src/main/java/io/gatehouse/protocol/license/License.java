package io.gatehouse.protocol.license;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.Names;
import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.trust.Jwt;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A grant of features to the devices of a scope: the claims of a token of the type {@link #TYPE}.
 *
 * @param id which license it is
 * @param subject the scope whose devices it is for
 * @param issued when it was signed
 * @param sequence of one license the greatest counts
 * @param features what is granted, by name, in the order of the names
 * @param term for how long
 * @param lock the hardware that it is for; any, where there is none
 */
public record License(
        Id id,
        Scope subject,
        Instant issued,
        long sequence,
        SortedMap<String, Limits> features,
        Term term,
        Optional<HardwareLock> lock) {
    /** The {@code typ} of its token. */
    public static final Jwt.Type TYPE = new Jwt.Type("gatehouse-license+jwt", 8192);

    private static final Pattern JTI = Pattern.compile("[!-~]{1,128}");

    /**
     * Which license it is, through all its renewals.
     *
     * @param issuer the name that the trust document gives to whoever issues it
     * @param jti the issuer's own name of it
     */
    public record Id(String issuer, String jti) {
        @Override
        public String toString() {
            return jti + " of " + issuer;
        }
    }

    public License {
        features = Collections.unmodifiableSortedMap(new TreeMap<>(features));
    }

    /**
     * Reads it.
     *
     * @throws BadArgument naming the claim that is missing or will not do
     */
    public static License read(Members claims) {
        return new License(
                new Id(issuer(claims), jti(claims)),
                subject(claims),
                Seconds.read(claims, "iat"),
                claims.integer("seq", 1, Long.MAX_VALUE),
                Features.read(claims.object("features")),
                Term.read(claims),
                claims.optionalObject("hardware").map(HardwareLock::read));
    }

    /** The claims. */
    public Map<String, Object> write() {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("jti", id.jti());
        claims.put("iss", id.issuer());
        claims.put("sub", subject.path());
        claims.put("iat", issued.getEpochSecond());
        claims.put("seq", sequence);
        claims.put("features", Features.write(features));
        term.write(claims);
        lock.ifPresent(hardware -> claims.put("hardware", hardware.write()));
        return claims;
    }

    /** The same license, renewed: signed then, for this term. */
    public License renewed(Instant at, Term next) {
        return new License(id, subject, at, Math.addExact(sequence, 1), features, next, lock);
    }

    static String issuer(Members claims) {
        String issuer = claims.string("iss");
        if (!Names.isName(issuer)) {
            throw claims.wrong("iss", issuer, Names.FORM);
        }
        return issuer;
    }

    static String jti(Members claims) {
        String jti = claims.string("jti");
        if (!JTI.matcher(jti).matches()) {
            throw claims.wrong("jti", jti, "1 to 128 visible characters of ASCII");
        }
        return jti;
    }

    private static Scope subject(Members claims) {
        String subject = claims.string("sub");
        try {
            return new Scope(subject);
        } catch (IllegalArgumentException e) {
            throw new BadArgument("sub: " + e.getMessage());
        }
    }
}
