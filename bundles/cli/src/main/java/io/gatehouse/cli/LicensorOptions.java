package io.gatehouse.cli;

import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.protocol.LicensedFeature;
import io.gatehouse.protocol.Names;
import io.gatehouse.protocol.trust.Licensor;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the keys with the role {@code license} may issue that a command names. */
final class LicensorOptions {
    @Option(
            names = "--issuer",
            paramLabel = "NAME",
            description = {
                "Of keys with the role license: the name under which they issue",
                "licenses. All keys of one name are one issuer's."
            })
    @Nullable
    private String issuer;

    @Option(
            names = "--features",
            paramLabel = "PATTERN",
            split = ",",
            description = {"Of keys with the role license: what they may grant, com.acme.rain,", "com.acme.* or *."})
    private List<String> features = List.of();

    /** Nothing where none was named. */
    Optional<Licensor> licensor() throws Trouble {
        String name = issuer;
        if (name == null) {
            if (!features.isEmpty()) {
                throw usage("whose are the --features " + String.join(",", features) + "? Add --issuer NAME");
            }
            return Optional.empty();
        }
        if (!Names.isName(name)) {
            throw usage("--issuer must be " + Names.FORM + ": " + name);
        }
        if (features.isEmpty()) {
            throw usage("what may " + name + " grant? Add --features, " + LicensedFeature.PATTERN);
        }
        for (String pattern : features) {
            if (!LicensedFeature.isPattern(pattern)) {
                throw usage("--features must be " + LicensedFeature.PATTERN + ": " + pattern);
            }
        }
        return Optional.of(new Licensor(name, features));
    }

    private static Trouble usage(String message) {
        return new Trouble(Trouble.Kind.USAGE, message);
    }
}
