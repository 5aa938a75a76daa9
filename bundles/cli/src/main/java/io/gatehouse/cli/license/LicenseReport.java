package io.gatehouse.cli.license;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Problem;
import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.Report;
import io.gatehouse.cli.fleet.Wish;
import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.license.LicenseState;
import io.gatehouse.protocol.license.Refused;
import io.gatehouse.protocol.license.Revocations;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a device says of its licenses: {@code D/reported/license}. Its state as a whole says of no license how that one stands, so what
 * became of a wish is read here from what it says of each.
 *
 * @param lists of what issuers took back: those in force, and those that are wanted and are not
 * @param unlicensed the features that something asks for and nothing grants
 * @param hardware the device's fingerprints
 */
public record LicenseReport(
        Report report, List<Entry> licenses, List<ListEntry> lists, List<String> unlicensed, List<String> hardware) {
    /** What speaks of licenses, and of revocation lists too. */
    public static final String RESOURCE = "license";

    /** What wants revocation lists. */
    public static final String REVOCATION = "revocation";

    /** Topic filter of every device's. */
    public static final String FILTER = Report.filter(RESOURCE);

    public LicenseReport {
        licenses = List.copyOf(licenses);
        lists = List.copyOf(lists);
        unlicensed = List.copyOf(unlicensed);
        hardware = List.copyOf(hardware);
    }

    /**
     * How it ended with a wish.
     *
     * @param isFulfilled whether it is as it was wanted
     * @param words for people
     */
    public record End(boolean isFulfilled, String state, Optional<Problem> problem, String words) {}

    /**
     * One license, or what was wanted as one.
     *
     * @param issue which it is; nothing where the device could not read it
     * @param state in the device's word
     * @param until when it ends, as the device writes it
     * @param features what it grants
     */
    public record Entry(
            String name,
            Optional<Issue> issue,
            String state,
            Optional<String> until,
            Optional<Problem> problem,
            List<String> features) {
        public Entry {
            features = List.copyOf(features);
        }

        private static Entry read(Members members) {
            Optional<String> jti = members.optionalString("jti");
            String issuer = members.optionalString("iss").orElse("");
            long sequence = members.integer("seq", 0, 0, Long.MAX_VALUE);
            return new Entry(
                    members.string("name"),
                    jti.map(id -> new Issue(new License.Id(issuer, id), sequence)),
                    members.string("state"),
                    members.optionalString("until"),
                    problemIn(members),
                    members.optionalObject("features")
                            .map(features -> List.copyOf(features.values().keySet()))
                            .orElse(List.of()));
        }

        /** Whether what it grants may be used. */
        public boolean isInForce() {
            return is(LicenseState::isInForce);
        }

        boolean is(Predicate<LicenseState> what) {
            return LicenseState.of(state).filter(what).isPresent();
        }
    }

    /**
     * Which license, and which issue of it.
     *
     * @param sequence 0 where the device does not say
     */
    public record Issue(License.Id id, long sequence) {
        @Override
        public String toString() {
            return id + ", sequence " + sequence;
        }
    }

    /**
     * One revocation list.
     *
     * @param sequence 0 where the device could not read or believe it
     * @param topic of a document that is not in force; empty where the list is
     */
    public record ListEntry(String issuer, long sequence, String state, String topic, Optional<Problem> problem) {
        private static ListEntry read(Members members) {
            return new ListEntry(
                    members.string("iss"),
                    members.integer("seq", 0, 0, Long.MAX_VALUE),
                    members.string("state"),
                    members.optionalString("topic").orElse(""),
                    problemIn(members));
        }

        /** Whether what it takes back is taken back. */
        public boolean isInForce() {
            return state.equals("applied");
        }

        boolean isWaiting() {
            return LicenseState.of(state).equals(Optional.of(LicenseState.WAITING));
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
        return Report.read(message, RESOURCE).map(LicenseReport::of);
    }

    private static LicenseReport of(Report report) {
        Members members = report.members();
        return new LicenseReport(
                report,
                members.objects("licenses").stream().map(Entry::read).toList(),
                members.objects("revocations").stream().map(ListEntry::read).toList(),
                members.strings("unlicensed"),
                members.strings("hardware"));
    }

    /** How it stands with the license of a name. */
    public Optional<Entry> license(String name) {
        return licenses.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    /** What became of a wish for a license or a revocation list; nothing where the device has not come to an end with it. */
    public Optional<End> end(Wish wish) {
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
        Optional<Entry> found = license(name);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Entry entry = found.get();
        Issue wanted = new Issue(license.id(), license.sequence());
        Optional<Issue> other = entry.issue().filter(issue -> !issue.equals(wanted));
        if (other.isPresent()) {
            String detail = "a narrower scope has another license of this name, " + other.get();
            return Optional.of(new End(false, "overlaid", Optional.of(new Problem("overlaid", detail)), ""));
        }
        boolean begins = entry.problem()
                .filter(why -> why.type().equals(Refused.Reason.NOT_YET.word()))
                .isPresent();
        if (entry.is(LicenseState.WAITING::equals) && !begins) {
            return Optional.empty();
        }
        String words = (entry.isInForce() ? String.join(", ", entry.features()) : "")
                + entry.until().map(until -> " until " + until).orElse("");
        return Optional.of(new End(entry.isInForce() || begins, entry.state(), entry.problem(), words));
    }

    /** A document that is not in force has an entry of its own, whichever list of its issuer's is. */
    private Optional<End> revoked(Wish wish, Revocations list) {
        Optional<ListEntry> passedOver =
                lists.stream().filter(one -> one.topic().equals(wish.topic())).findFirst();
        if (passedOver.isPresent()) {
            return passedOver
                    .filter(one -> !one.isWaiting())
                    .map(one -> new End(false, one.state(), one.problem(), ""));
        }
        return lists.stream()
                .filter(one -> one.isInForce() && one.issuer().equals(list.issuer()))
                .filter(one -> one.sequence() == list.sequence())
                .findFirst()
                .map(one -> new End(true, one.state(), Optional.empty(), ""));
    }

    /** What the device says against a wish; nothing where it says nothing. */
    Optional<Problem> problem(Wish wish) {
        Stream<Optional<Problem>> problems = wish.resource().equals(REVOCATION)
                ? lists.stream().filter(one -> one.topic().equals(wish.topic())).map(ListEntry::problem)
                : licenses.stream()
                        .filter(one -> wish.name().equals(Optional.of(one.name())))
                        .map(Entry::problem);
        return problems.flatMap(Optional::stream).findFirst();
    }
}
