package io.gatehouse.testkit.gateway;

import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Problem;
import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.Report;
import io.gatehouse.cli.fleet.Wish;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Rollout;
import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.license.LicenseState;
import io.gatehouse.protocol.license.Limits;
import io.gatehouse.protocol.license.Revocations;
import io.gatehouse.protocol.license.Term;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the license issuer grants and takes back. */
final class Licenses {
    private static final String LICENSE = "license";

    private final Scope device;
    private final Map<String, License> granted = new LinkedHashMap<>();
    private final List<Revocations.Revoked> revoked = new ArrayList<>();
    private long issued;

    Licenses(String device) {
        this.device = new Scope(device);
    }

    boolean areThere() {
        return issued > 0;
    }

    /** Grants a feature, or renews the license that grants it. */
    void grant(Running running, Wishes wishes, String feature, Map<String, ?> limits, Optional<Duration> lasts)
            throws NotApplied, InterruptedException {
        Instant now = running.authority().now();
        Term term = new Term(Optional.empty(), lasts.map(now::plus), Optional.empty(), Optional.empty(), Duration.ZERO);
        Optional<License> before = Optional.ofNullable(granted.get(feature));
        License.Id id =
                before.map(License::id).orElseGet(() -> new License.Id(Authority.ISSUER, feature + "-" + (issued + 1)));
        License license = issue(id, now, new TreeMap<>(Map.of(feature, limits(limits))), term);
        Wish wish = wish(running, feature, license);
        Members standing = wishes.published(running, wish, message -> standing(message, wish));
        String state = standing.string("state");
        if (!isInForce(state)) {
            takeBack(running, wishes, wish, before);
            throw new NotApplied("license " + feature, state, problem(standing));
        }
        granted.put(feature, license);
    }

    private static boolean isInForce(String state) {
        return LicenseState.of(state).filter(LicenseState::isInForce).isPresent();
    }

    private License issue(License.Id id, Instant at, SortedMap<String, Limits> features, Term term) {
        issued++;
        return new License(id, device, at, issued, features, term, Optional.empty());
    }

    /** Has it as it was before: of one license the last that was issued counts, so what it granted before is issued anew. */
    private void takeBack(Running running, Wishes wishes, Wish wish, Optional<License> before)
            throws InterruptedException {
        if (before.isEmpty()) {
            Report unused = wishes.published(running, Wishes.removal(wish), message -> Report.read(message, LICENSE)
                    .filter(report -> !report.mentions(wish.topic())));
            return;
        }
        License last = before.get();
        License again = issue(last.id(), running.authority().now(), last.features(), last.term());
        String feature = wish.name().orElseThrow();
        Wish wanted = wish(running, feature, again);
        Members unused = wishes.published(running, wanted, message -> standing(message, wanted));
        granted.put(feature, again);
    }

    private Wish wish(Running running, String feature, License license) {
        return wish(LICENSE, feature, running.authority().token(License.TYPE, license.write()));
    }

    /** Revokes the license that grants a feature. */
    void revoke(Running running, Wishes wishes, String feature) throws InterruptedException {
        License license = Optional.ofNullable(granted.remove(feature))
                .orElseThrow(() -> new IllegalArgumentException(
                        "nothing grants " + feature + " that could be revoked; there is " + granted.keySet()));
        revoked.add(new Revocations.Revoked(license.id().jti(), Optional.empty(), Optional.empty()));
        Revocations list = new Revocations(Authority.ISSUER, running.authority().now(), revoked.size(), revoked);
        Wish wish = wish("revocation", Authority.ISSUER, running.authority().token(Revocations.TYPE, list.write()));
        Members unused = wishes.published(
                running, wish, message -> reported(message, wish).filter(report -> isRevoked(report, feature)));
    }

    private static boolean isRevoked(Members report, String feature) {
        return of(report, feature)
                .filter(license -> license.string("state").equals(LicenseState.REVOKED.word()))
                .isPresent();
    }

    /** How it stands with what was wished for. */
    private static Optional<Members> standing(Message message, Wish wish) {
        return reported(message, wish).flatMap(report -> of(report, wish.name().orElseThrow()));
    }

    private static Optional<Members> reported(Message message, Wish wish) {
        return Report.read(message, LICENSE)
                .filter(report -> report.speaksOf(wish.topic(), wish.digest()))
                .map(Report::members);
    }

    private static Optional<Members> of(Members report, String name) {
        return report.objects("licenses").stream()
                .filter(license -> license.string("name").equals(name))
                .findFirst();
    }

    private static Problem problem(Members standing) {
        return standing.optionalObject("problem")
                .map(told -> new Problem(
                        told.string("type"), told.optionalString("detail").orElse("")))
                .orElseGet(() -> new Problem("ended", "it has ended: until " + standing.optionalString("until")));
    }

    private Wish wish(String resource, String name, String token) {
        return new Wish(device, resource, Optional.of(name), new Envelope(Optional.of(token), Rollout.ALL));
    }

    private static Limits limits(Map<String, ?> limits) {
        Map<String, Object> values = new TreeMap<>();
        limits.forEach((name, value) ->
                values.put(name, value instanceof Integer number ? (Object) number.longValue() : (Object) value));
        return new Limits(new TreeMap<>(values));
    }
}
