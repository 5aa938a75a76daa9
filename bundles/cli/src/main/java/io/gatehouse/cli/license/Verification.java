package io.gatehouse.cli.license;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Problem;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.protocol.DeviceName;
import io.gatehouse.protocol.license.Finding;
import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.license.Refused;
import io.gatehouse.protocol.license.Revocations;
import io.gatehouse.protocol.license.Verifier;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a device would say of a license, as far as that can be known elsewhere.
 *
 * @param lists of what its issuers took back
 * @param device that is to take it, if one was named
 */
public record Verification(Verifier verifier, List<Revocations> lists, Optional<Site> device, Instant now) {
    public Verification {
        lists = List.copyOf(lists);
    }

    /** A device, and where it stands. */
    public record Site(String device, Optional<String> place) {
        /**
         * Reads {@code DEVICE[@PLACE]}.
         *
         * @throws Trouble if it is none
         */
        public static Site parse(String text) throws Trouble {
            int at = text.indexOf('@');
            try {
                String device =
                        DeviceName.parse(at < 0 ? text : text.substring(0, at)).toString();
                return new Site(device, at < 0 ? Optional.empty() : Optional.of(text.substring(at + 1)));
            } catch (IllegalArgumentException e) {
                throw new Trouble(Trouble.Kind.USAGE, String.valueOf(e.getMessage()), e);
            }
        }
    }

    /**
     * What was found.
     *
     * @param license what could be believed
     * @param problem why a device would not let it in; nothing where it would
     * @param isKeyRetired whether only devices that have it already go on believing it
     */
    public record Verdict(Optional<License> license, Optional<Problem> problem, boolean isKeyRetired) {}

    /**
     * Reads lists of what was taken back.
     *
     * @throws Trouble if one is none, or is not believed
     */
    public static List<Revocations> lists(List<Path> files, Verifier verifier) throws Trouble {
        List<Revocations> lists = new ArrayList<>();
        for (Path file : files) {
            Finding<Revocations> finding =
                    verifier.revocations(TokenFile.revocations(file).text());
            if (finding instanceof Finding.Rejected<Revocations> rejected) {
                throw new Trouble(
                        Trouble.Kind.REFUSED,
                        file + " is not believed, " + words(rejected.refused()).type() + ": "
                                + rejected.refused().detail());
            }
            if (finding instanceof Finding.Believed<Revocations> believed) {
                lists.add(believed.claims());
            }
        }
        return lists;
    }

    /** Looks at one. */
    public Verdict of(String token) {
        Finding<License> finding = verifier.license(token);
        if (finding instanceof Finding.Rejected<License> rejected) {
            return new Verdict(readable(token), Optional.of(words(rejected.refused())), false);
        }
        Finding.Believed<License> believed = (Finding.Believed<License>) finding;
        License license = believed.claims();
        Optional<Problem> problem = foreign(license).or(() -> revoked(license)).or(() -> untimely(license));
        return new Verdict(Optional.of(license), problem, believed.key().retired());
    }

    private static Optional<License> readable(String token) {
        try {
            return Optional.of(Token.license(token).claims());
        } catch (BadArgument e) {
            return Optional.empty(); // which is the finding
        }
    }

    private static Problem words(Refused refused) {
        return new Problem(refused.reason().word(), refused.detail());
    }

    private Optional<Problem> foreign(License license) {
        return device.filter(site -> !license.subject().covers(site.device(), site.place()))
                .map(site -> words(new Refused(
                        Refused.Reason.FOREIGN_DEVICE,
                        "it is for \"" + license.subject() + "\", and this is \"" + site.device() + "\""
                                + site.place().map(at -> " at \"" + at + "\"").orElse(""))));
    }

    private Optional<Problem> revoked(License license) {
        return lists.stream()
                .flatMap(list -> list.of(license).stream())
                .findFirst()
                .map(one -> words(new Refused(
                        Refused.Reason.REVOKED,
                        license.id().issuer() + " took it back"
                                + one.reason().map(why -> ": " + why).orElse(""))));
    }

    private Optional<Problem> untimely(License license) {
        Optional<Instant> begin = license.term().notBefore().filter(now::isBefore);
        if (begin.isPresent()) {
            return Optional.of(words(new Refused(Refused.Reason.NOT_YET, "it begins at " + begin.get())));
        }
        return license.term()
                .expires()
                .map(end -> end.plus(license.term().grace()))
                .filter(end -> !now.isBefore(end))
                .map(end -> new Problem(
                        "ended", "it ended at " + license.term().expires().orElse(end)));
    }
}
