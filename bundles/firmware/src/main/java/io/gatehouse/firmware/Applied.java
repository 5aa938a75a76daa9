package io.gatehouse.firmware;

import io.gatehouse.api.command.Members;
import java.util.Map;

/**
 * The firmware that was applied last.
 *
 * @param slot where it is
 */
record Applied(Release release, String slot) {
    static Applied read(Members members) {
        return new Applied(Release.read(members.object("release")), members.string("slot"));
    }

    Map<String, Object> write() {
        return Map.of("release", release.write(), "slot", slot);
    }
}
