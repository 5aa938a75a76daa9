package io.gatehouse.protocol.license;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.LicensedFeature;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a license grants: limits by the feature's name. */
final class Features {
    private static final int MOST = 64;

    private Features() {}

    static SortedMap<String, Limits> read(Members members) {
        SortedMap<String, Limits> features = new TreeMap<>();
        for (String name : members.values().keySet()) {
            if (!LicensedFeature.isName(name)) {
                throw new BadArgument("features: a name must be " + LicensedFeature.FORM + ": " + name);
            }
            features.put(name, limits(members, name));
        }
        if (features.isEmpty() || features.size() > MOST) {
            throw new BadArgument("features must name 1 to " + MOST + " of them: " + features.size());
        }
        return features;
    }

    private static Limits limits(Members members, String name) {
        Members limits = members.object(name);
        try {
            return Limits.read(limits);
        } catch (BadArgument e) {
            throw new BadArgument(members.path(name) + ": " + e.getMessage());
        }
    }

    static Map<String, Object> write(SortedMap<String, Limits> features) {
        Map<String, Object> members = new LinkedHashMap<>();
        features.forEach((name, limits) -> members.put(name, limits.write()));
        return members;
    }
}
