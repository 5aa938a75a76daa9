package io.gatehouse.deployment;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Why a feature is left out.
 *
 * @param topic where it is wanted
 * @param feature its id
 * @param bundle the symbolic name of the one that needs the license
 * @param license the licensed feature's name
 * @param isCertain whether the license is known to be lacking, and not only unknown to be there
 */
record Unlicensed(String topic, String feature, String bundle, String license, boolean isCertain) {
    /** As JSON values. */
    Map<String, Object> write() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("feature", feature);
        members.put("topic", topic);
        members.put("bundle", bundle);
        members.put("license", license);
        if (!isCertain) {
            members.put("problem", "no-licensing");
        }
        return members;
    }
}
