package io.gatehouse.cli.license;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.LicensedFeature;
import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.license.HardwareLock;
import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.license.Limits;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Makes the claims of licenses.
 *
 * @param issuer whose they are
 * @param now when they are signed
 * @param random for the names that are made up
 */
public record Claims(String issuer, Instant now, RandomGenerator random) {
    /** Without those that are easily taken for others. */
    private static final String LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";

    private static final int MADE_UP = 6;
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyyMMdd", Locale.ROOT).withZone(ZoneOffset.UTC);

    public Claims {
        now = now.truncatedTo(ChronoUnit.SECONDS);
    }

    /** Signed now, by an issuer of this name. */
    public Claims(String issuer, Instant now) {
        this(issuer, now, new SecureRandom());
    }

    /**
     * The license that is wanted so.
     *
     * @throws WrongField naming what is missing or will not do
     */
    public License license(Fields fields) throws WrongField {
        SortedMap<String, Limits> features = features(fields);
        Scope subject = subject(fields);
        String id = fields.text(Fields.ID).orElseGet(() -> madeUp(features.firstKey()));
        License license = new License(
                new License.Id(issuer, id),
                subject,
                now,
                fields.number(Fields.SEQUENCE).orElse(1L),
                features,
                Terms.read(fields, now),
                lock(fields));
        return readable(license);
    }

    /** The same, as whoever gets it would read it. */
    static License readable(License license) throws WrongField {
        try {
            return License.read(Members.of(license.write()));
        } catch (BadArgument e) {
            throw new WrongField("that would be no license: " + e.getMessage());
        }
    }

    private static Scope subject(Fields fields) throws WrongField {
        String path = fields.needed(Fields.FOR, "the device, model, family or place whose devices it is for");
        try {
            return new Scope(path);
        } catch (IllegalArgumentException e) {
            throw new WrongField(Fields.FOR, "is none: " + e.getMessage());
        }
    }

    private static SortedMap<String, Limits> features(Fields fields) throws WrongField {
        SortedMap<String, Limits> features = new TreeMap<>();
        for (String word : fields.words(Fields.FEATURES)) {
            int colon = word.indexOf(':');
            String name = colon < 0 ? word : word.substring(0, colon);
            if (!LicensedFeature.isName(name)) {
                throw new WrongField(Fields.FEATURES, "must have names of " + LicensedFeature.FORM + ": " + name);
            }
            if (features.put(name, limits(word, colon < 0 ? "" : word.substring(colon + 1))) != null) {
                throw new WrongField(Fields.FEATURES, "names one twice: " + name);
            }
        }
        if (features.isEmpty()) {
            throw new WrongField(Fields.FEATURES, "is missing: what is granted, for example com.acme.rain:targets=50");
        }
        return features;
    }

    private static Limits limits(String feature, String text) throws WrongField {
        SortedMap<String, Object> limits = new TreeMap<>();
        for (String limit : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            int equals = limit.indexOf('=');
            Optional<Object> value = equals < 1 ? Optional.empty() : value(limit.substring(equals + 1));
            if (value.isEmpty()) {
                throw new WrongField(
                        Fields.FEATURES,
                        "must have limits such as targets=50 or remote=true, between which there are commas: "
                                + feature);
            }
            if (limits.put(limit.substring(0, equals), value.get()) != null) {
                throw new WrongField(
                        Fields.FEATURES, "names a limit twice, " + limit.substring(0, equals) + ": " + feature);
            }
        }
        try {
            return new Limits(limits);
        } catch (BadArgument e) {
            throw new WrongField(Fields.FEATURES, "will not do: " + e.getMessage());
        }
    }

    private static Optional<Object> value(String text) {
        if (text.equals("true") || text.equals("false")) {
            return Optional.of(Boolean.valueOf(text));
        }
        return text.matches("[0-9]{1,18}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
    }

    private static Optional<HardwareLock> lock(Fields fields) throws WrongField {
        List<String> prints = fields.words(Fields.HARDWARE);
        Optional<Long> atLeast = fields.number(Fields.AT_LEAST);
        if (prints.isEmpty() && atLeast.isEmpty()) {
            return Optional.empty();
        }
        if (prints.isEmpty()) {
            throw new WrongField(Fields.HARDWARE, "is missing: at least " + atLeast.get() + " of which fingerprints?");
        }
        if (atLeast.isEmpty()) {
            throw new WrongField(
                    Fields.AT_LEAST,
                    "is missing: how many of the " + prints.size()
                            + " fingerprints must a device have? One less lets a part of it be replaced");
        }
        try {
            return Optional.of(new HardwareLock(Math.toIntExact(atLeast.get()), prints));
        } catch (BadArgument | ArithmeticException e) {
            throw new WrongField(Fields.HARDWARE, "will not do: " + e.getMessage());
        }
    }

    /** {@code rain-20261129-k7m2xa}: what, when, and which. */
    private String madeUp(String feature) {
        StringBuilder id = new StringBuilder(feature.substring(feature.lastIndexOf('.') + 1))
                .append('-')
                .append(DAY.format(now))
                .append('-');
        for (int letter = 0; letter < MADE_UP; letter++) {
            id.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return id.toString();
    }
}
