package io.gatehouse.cli.license;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Problem;
import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.Report;
import io.gatehouse.cli.fleet.Wish;
import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.license.Revocations;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a device says of its licenses: {@code D/reported/license}. Its state as a whole says of no license how that one stands, so what
 * became of a wish is read here from what it says of each.
 */
public record LicenseReport(Report report) {
    /** What speaks of licenses, and of revocation lists too. */
    public static final String RESOURCE = "license";

    /** What wants revocation lists. */
    public static final String REVOCATION = "revocation";

    /** Topic filter of every device's. */
    public static final String FILTER = Report.filter(RESOURCE);

    private static final Set<String> IN_FORCE = Set.of("granted", "due", "expiring", "grace");

    /**
     * How it ended with a wish.
     *
     * @param isFulfilled whether it is as it was wanted
     * @param words for people
     */
    record End(boolean isFulfilled, String state, Optional<Problem> problem, String words) {}

    /** One license. */
    record Entry(
            String name,
            String jti,
            String issuer,
            long sequence,
            String state,
            Optional<String> until,
            Optional<Problem> problem,
            List<String> features) {
        private static Entry read(Members members) {
            return new Entry(
                    members.string("name"),
                    members.optionalString("jti").orElse(""),
                    members.optionalString("iss").orElse(""),
                    members.integer("seq", 0, 0, Long.MAX_VALUE),
                    members.string("state"),
                    members.optionalString("until"),
                    problemIn(members),
                    members.optionalObject("features")
                            .map(features -> List.copyOf(features.values().keySet()))
                            .orElse(List.of()));
        }

        boolean isInForce() {
            return IN_FORCE.contains(state);
        }

        boolean is(License license) {
            return jti.equals(license.id().jti())
                    && issuer.equals(license.id().issuer())
                    && sequence == license.sequence();
        }
    }

    /**
     * One revocation list.
     *
     * @param sequence 0 where the device could not read or believe it
     * @param topic of a document that is not in force; empty where the list is
     */
    record ListEntry(String issuer, long sequence, String state, String topic, Optional<Problem> problem) {
        private static ListEntry read(Members members) {
            return new ListEntry(
                    members.string("iss"),
                    members.integer("seq", 0, 0, Long.MAX_VALUE),
                    members.string("state"),
                    members.optionalString("topic").orElse(""),
                    problemIn(members));
        }

        boolean isInForce() {
            return state.equals("applied");
        }

        boolean isWaiting() {
            return state.equals("waiting");
        }
    }

    private static Optional<Problem> problemIn(Members members) {
        return members.optionalObject("problem")
                .map(problem -> new Problem(
                        problem.optionalString("type").orElse("unknown"),
                        problem.optionalString("detail").orElse("")));
    }

    /**
     * Reads a message if it is one.
     *
     * @throws BadArgument if it is none although its topic says so
     */
    public static Optional<LicenseReport> read(Message message) {
        return Report.read(message, RESOURCE).map(LicenseReport::new);
    }

    List<Entry> licenses() {
        List<Entry> entries = new ArrayList<>();
        for (Members one : report.members().objects("licenses")) {
            entries.add(Entry.read(one));
        }
        return entries;
    }

    /** Those in force, and those that are wanted and are not. */
    List<ListEntry> lists() {
        List<ListEntry> entries = new ArrayList<>();
        for (Members one : report.members().objects("revocations")) {
            entries.add(ListEntry.read(one));
        }
        return entries;
    }

    /** The features that something asks for and nothing grants. */
    List<String> unlicensed() {
        return report.members().strings("unlicensed");
    }

    /** The device's fingerprints. */
    public List<String> hardware() {
        return report.members().strings("hardware");
    }

    /** What became of a wish for a license or a revocation list; nothing where the device has not come to an end with it. */
    Optional<End> end(Wish wish) {
        if (wish.removes()) {
            return report.mentions(wish.topic()) ? Optional.empty() : Optional.of(removed());
        }
        if (!report.speaksOf(wish.topic(), wish.digest())) {
            return Optional.empty();
        }
        String token = wish.envelope().spec().map(String::valueOf).orElse("");
        return wish.resource().equals(REVOCATION)
                ? revoked(wish, Token.revocations(token).claims())
                : granted(wish.name().orElse(""), Token.license(token).claims());
    }

    private static End removed() {
        return new End(true, "removed", Optional.empty(), "");
    }

    private Optional<End> granted(String name, License license) {
        Optional<Entry> found =
                licenses().stream().filter(one -> one.name().equals(name)).findFirst();
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Entry entry = found.get();
        if (!entry.jti().isEmpty() && !entry.is(license)) {
            String detail = "a narrower scope has another license of this name, " + entry.jti() + " of "
                    + entry.issuer() + ", sequence " + entry.sequence();
            return Optional.of(new End(false, "overlaid", Optional.of(new Problem("overlaid", detail)), ""));
        }
        boolean begins =
                entry.problem().filter(why -> why.type().equals("not-yet")).isPresent();
        if (entry.state().equals("waiting") && !begins) {
            return Optional.empty();
        }
        String words = (entry.isInForce() ? String.join(", ", entry.features()) : "")
                + entry.until().map(until -> " until " + until).orElse("");
        return Optional.of(new End(entry.isInForce() || begins, entry.state(), entry.problem(), words));
    }

    /** A document that is not in force has an entry of its own, whichever list of its issuer's is. */
    private Optional<End> revoked(Wish wish, Revocations list) {
        Optional<ListEntry> passedOver =
                lists().stream().filter(one -> one.topic().equals(wish.topic())).findFirst();
        if (passedOver.isPresent()) {
            return passedOver
                    .filter(one -> !one.isWaiting())
                    .map(one -> new End(false, one.state(), one.problem(), ""));
        }
        return lists().stream()
                .filter(one -> one.isInForce() && one.issuer().equals(list.issuer()))
                .filter(one -> one.sequence() == list.sequence())
                .findFirst()
                .map(one -> new End(true, one.state(), Optional.empty(), ""));
    }

    /** What the device says against a wish; nothing where it says nothing. */
    Optional<Problem> problem(Wish wish) {
        Stream<Optional<Problem>> problems = wish.resource().equals(REVOCATION)
                ? lists().stream()
                        .filter(one -> one.topic().equals(wish.topic()))
                        .map(ListEntry::problem)
                : licenses().stream()
                        .filter(one -> wish.name().equals(Optional.of(one.name())))
                        .map(Entry::problem);
        return problems.flatMap(Optional::stream).findFirst();
    }
}
