package io.gatehouse.cli.license;

import io.gatehouse.cli.screen.Plain;
import io.gatehouse.cli.screen.Screen;
import io.gatehouse.cli.screen.Table;
import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.license.Limits;
import io.gatehouse.protocol.license.Revocations;
import io.gatehouse.protocol.license.Term;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Licenses and revocation lists for people, or as JSON. */
public final class LicenseText {
    private final Screen screen;

    public LicenseText(Screen screen) {
        this.screen = screen;
    }

    /** A license. */
    public void show(Token<License> token) {
        if (screen.json()) {
            object(token);
            return;
        }
        License license = token.claims();
        screen.line(screen.paint().strong(license.id().jti()) + " of "
                + license.id().issuer() + ", sequence " + license.sequence());
        field("for", license.subject().toString());
        field(
                "issued",
                license.issued() + ", by the key " + Plain.safe(token.jwt().kid())
                        + " as it says itself; gatehouse license verify checks that");
        term(license.term());
        license.lock()
                .ifPresent(lock -> field(
                        "hardware",
                        "at least " + lock.atLeast() + " of " + lock.of().size() + ": " + String.join(" ", lock.of())));
        Table table = new Table(screen.paint(), "FEATURE", "LIMITS");
        license.features().forEach((name, limits) -> table.row(name, words(limits)));
        screen.lines(table.lines());
    }

    /** Until when it lasts, in words. */
    public static String until(Term term) {
        String end = term.expires().map(until -> "until " + until).orElse("without an end");
        String evaluated = term.evaluation()
                .map(length -> "for " + Moments.words(length) + " from when a device first accepts it"
                        + term.expires()
                                .map(until -> ", at most until " + until)
                                .orElse(""))
                .orElse(end);
        Duration grace = term.grace();
        return evaluated + (grace.isZero() ? "" : ", and then " + Moments.words(grace) + " of grace");
    }

    private void term(Term term) {
        term.notBefore().ifPresent(from -> field("from", from.toString()));
        field("lasts", until(term));
        term.subscription()
                .ifPresent(one -> field("renewed", "each " + Moments.words(one.lease()) + " until " + one.until()));
    }

    private static String words(Limits limits) {
        return limits.values().entrySet().stream()
                .map(limit -> limit.getKey() + "=" + limit.getValue())
                .collect(Collectors.joining(","));
    }

    /** A revocation list. */
    public void list(Token<Revocations> token) {
        if (screen.json()) {
            object(token);
            return;
        }
        Revocations list = token.claims();
        screen.line(screen.paint().strong("revoked by " + list.issuer()) + ", list " + list.sequence());
        field("issued", list.issued() + ", by the key " + Plain.safe(token.jwt().kid()));
        Table table = new Table(screen.paint(), "LICENSE", "SEQUENCES", "REASON");
        for (Revocations.Revoked one : list.revoked()) {
            table.row(
                    one.jti(),
                    one.upTo().map(last -> "to " + last).orElse("all"),
                    Plain.safe(one.reason().orElse("")));
        }
        if (!table.isEmpty()) {
            screen.lines(table.lines());
        }
    }

    private void object(Token<?> token) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("typ", token.type().word());
        object.put("kid", token.jwt().kid());
        object.put("claims", token.jwt().claims().values());
        screen.object(object);
    }

    private void field(String name, String value) {
        screen.line("  " + name + " ".repeat(10 - name.length()) + value);
    }
}
