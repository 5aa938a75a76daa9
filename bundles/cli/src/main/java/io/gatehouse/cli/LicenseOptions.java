package io.gatehouse.cli;

import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.license.Fields;
import io.gatehouse.cli.license.WrongField;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a license is to say. */
final class LicenseOptions {
    private static final String FEATURE = "feature";

    @Option(
            names = "--for",
            paramLabel = "SCOPE",
            description = "The device, model, family or place whose devices it is for (sub).")
    @Nullable
    private String subject;

    @Option(
            names = "--feature",
            paramLabel = "NAME[:LIMIT=VALUE,…]",
            description = {
                "What it grants, and how much of that:",
                "com.acme.rain:targets=50,remote=true. Repeat it for more."
            })
    private List<String> features = List.of();

    @Option(
            names = "--id",
            paramLabel = "JTI",
            description = {
                "The issuer's own name of the license, the same through all renewals.",
                "Without it one is made up: rain-20261129-k7m2xa."
            })
    @Nullable
    private String id;

    @Option(names = "--seq", paramLabel = "N", description = "Which issue of it this is; the greatest counts (1).")
    @Nullable
    private String sequence;

    @Option(names = "--from", paramLabel = "TIME", description = "When it begins: 2027-01-31, or 2027-01-31T12:00:00Z.")
    @Nullable
    private String from;

    @Option(names = "--until", paramLabel = "TIME", description = "When it ends; without an end it is for ever.")
    @Nullable
    private String until;

    @Option(names = "--lasts", paramLabel = "LENGTH", description = "In place of --until: P365D, 30d, 12h.")
    @Nullable
    private String lasts;

    @Option(
            names = "--grace",
            paramLabel = "LENGTH",
            description = "How long it goes on behind its end, counted while the gateway runs.")
    @Nullable
    private String grace;

    @Option(
            names = "--subscription-until",
            paramLabel = "TIME",
            description = {
                "It is a subscription, which is renewed by leases up to then. The",
                "first one ends after --lease, or at --until."
            })
    @Nullable
    private String subscriptionUntil;

    @Option(
            names = "--lease",
            paramLabel = "LENGTH",
            description = {
                "How long each lease of a subscription lasts; it is to be renewed",
                "when a third of it is left."
            })
    @Nullable
    private String lease;

    @Option(
            names = "--evaluation",
            paramLabel = "LENGTH",
            description = "It ends so long after a device first accepted it.")
    @Nullable
    private String evaluation;

    @Option(
            names = "--hardware",
            paramLabel = "FINGERPRINT",
            split = ",",
            description = {"It is for machines with these parts, as devices report them: mac:…,", "board:…"})
    private List<String> hardware = List.of();

    @Option(
            names = "--at-least",
            paramLabel = "K",
            description = {"How many of the fingerprints a machine must have, so that a part may", "be replaced."})
    @Nullable
    private String atLeast;

    /** What was given. */
    Fields fields() throws Trouble {
        for (String feature : features) {
            if (!feature.equals(feature.strip()) || feature.contains(" ") || feature.contains(";")) {
                throw new Trouble(Trouble.Kind.USAGE, "--feature names one: " + feature + "; repeat it for more");
            }
        }
        Map<String, String> values = new LinkedHashMap<>();
        put(values, Fields.FOR, subject);
        put(values, Fields.FEATURES, String.join(" ", features));
        put(values, Fields.ID, id);
        put(values, Fields.SEQUENCE, sequence);
        put(values, Fields.FROM, from);
        put(values, Fields.UNTIL, until);
        put(values, Fields.LASTS, lasts);
        put(values, Fields.GRACE, grace);
        put(values, Fields.SUBSCRIPTION_UNTIL, subscriptionUntil);
        put(values, Fields.LEASE, lease);
        put(values, Fields.EVALUATION, evaluation);
        put(values, Fields.HARDWARE, String.join(" ", hardware));
        put(values, Fields.AT_LEAST, atLeast);
        return new Fields(values);
    }

    private static void put(Map<String, String> values, String name, @Nullable String value) {
        if (value != null) {
            values.put(name, value);
        }
    }

    /** What will not do, as an option. */
    static Trouble wrong(WrongField e) {
        if (e.field().isEmpty()) {
            return new Trouble(Trouble.Kind.USAGE, e.why(), e);
        }
        String name = e.field().equals(Fields.FEATURES) ? FEATURE : e.field();
        return new Trouble(Trouble.Kind.USAGE, "--" + name + " " + e.why(), e);
    }
}
