package io.gatehouse.protocol.trust;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.LicensedFeature;
import io.gatehouse.protocol.Names;
import java.util.List;
import java.util.Map;

/**
 * What a key with the role {@code license} may issue.
 *
 * @param issuer the name under which it does; all keys of one name are one issuer's
 * @param features patterns of what it may grant, as {@link LicensedFeature} has them
 */
public record Licensor(String issuer, List<String> features) {
    public Licensor {
        features = List.copyOf(features);
    }

    /** Whether it may grant a feature of this name. */
    public boolean mayGrant(String feature) {
        return LicensedFeature.isCovered(feature, features);
    }

    /** Whether it may publish a license or a list by this name. */
    boolean mayDeliver(String name) {
        return name.equals(issuer) || name.startsWith(issuer + ".");
    }

    static Licensor read(Members key) {
        String issuer = key.string("issuer");
        if (!Names.isName(issuer) || issuer.contains(".")) {
            throw key.wrong(
                    "issuer", issuer, Names.FORM + ", without a '.', which ends it in the names of its licenses");
        }
        List<String> features = key.strings("features");
        if (features.isEmpty()) {
            throw new BadArgument(key.path("features") + " must name what it may grant, " + LicensedFeature.PATTERN);
        }
        for (String pattern : features) {
            if (!LicensedFeature.isPattern(pattern)) {
                throw key.wrong("features", pattern, LicensedFeature.PATTERN);
            }
        }
        return new Licensor(issuer, features);
    }

    void write(Map<String, Object> key) {
        key.put("issuer", issuer);
        key.put("features", features);
    }
}
