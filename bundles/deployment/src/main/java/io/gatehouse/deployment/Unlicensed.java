package io.gatehouse.deployment;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Why a feature is left out.
 *
 * @param topic where it is wanted
 * @param feature its id
 * @param bundle the symbolic name of the one that needs the license, or what the feature {@code through} brings
 * @param license the licensed feature's name
 * @param through the id of the feature that needs the license, where it is another
 * @param isCertain whether the license is known to be lacking, and not only unknown to be there
 */
record Unlicensed(
        String topic, String feature, String bundle, String license, Optional<String> through, boolean isCertain) {
    /** Why a feature is left out whose bundle needs what this one brings. */
    Unlicensed through(Wish.Choice choice, String symbolicName) {
        Optional<String> origin = Optional.of(through.orElse(feature));
        return new Unlicensed(choice.topic(), choice.feature(), symbolicName, license, origin, isCertain);
    }

    /** As JSON values. */
    Map<String, Object> write() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("feature", feature);
        members.put("topic", topic);
        members.put("bundle", bundle);
        members.put("license", license);
        through.ifPresent(origin -> members.put("through", origin));
        if (!isCertain) {
            members.put("problem", "no-licensing");
        }
        return members;
    }
}
