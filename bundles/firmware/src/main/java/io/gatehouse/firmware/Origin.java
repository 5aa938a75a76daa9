package io.gatehouse.firmware;

import io.gatehouse.api.command.Members;
import io.gatehouse.software.Complaint;
import io.gatehouse.software.Health;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What ran when an attempt began, or when it was activated.
 *
 * @param slot where it ran
 * @param canFallBack whether the machine goes back to it by itself
 * @param boot the kernel's boot id
 * @param before how well it was
 * @param panics the kernel's own words that lay there already
 */
record Origin(String slot, boolean canFallBack, String boot, Health before, Set<String> panics) {
    static Origin read(Members members) {
        Members complaints = members.object("complaints");
        Map<String, Set<Complaint>> all = new HashMap<>();
        for (String proof : complaints.values().keySet()) {
            all.put(
                    proof,
                    complaints.strings(proof).stream().map(Complaint::of).collect(Collectors.toUnmodifiableSet()));
        }
        return new Origin(
                members.string("slot"),
                members.bool("canFallBack", true),
                members.string("boot"),
                new Health(all, Set.copyOf(members.strings("down"))),
                Set.copyOf(members.strings("panics")));
    }

    Map<String, Object> write() {
        Map<String, Object> complaints = new LinkedHashMap<>();
        before.complaints()
                .forEach((proof, all) ->
                        complaints.put(proof, all.stream().map(Complaint::words).toList()));
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("slot", slot);
        members.put("canFallBack", canFallBack);
        members.put("boot", boot);
        members.put("complaints", complaints);
        members.put("down", before.down());
        members.put("panics", panics);
        return members;
    }
}
