package io.gatehouse.software;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How well the software is.
 *
 * @param complaints what each {@link Proof} complains of, by its name
 * @param down symbolic names of the parts that do not run
 */
public record Health(Map<String, Set<Complaint>> complaints, Set<String> down) {
    public Health {
        Map<String, Set<Complaint>> copy = new LinkedHashMap<>();
        complaints.forEach((proof, all) -> copy.put(proof, Set.copyOf(all)));
        complaints = Map.copyOf(copy);
        down = Set.copyOf(down);
    }

    /** What is worse than it was: what was not complained of, a proof that is gone, a part that ran or was not there and does not run. */
    public List<Complaint> worseThan(Health before) {
        List<Complaint> worse = new ArrayList<>();
        for (String name : new TreeSet<>(down)) {
            if (!before.down.contains(name)) {
                worse.add(Complaint.of(name + " is not active"));
            }
        }
        for (String proof : new TreeSet<>(before.complaints.keySet())) {
            if (!complaints.containsKey(proof)) {
                worse.add(Complaint.of("what was there to tell whether all is well is gone: " + proof));
            }
        }
        complaints.forEach((proof, all) -> {
            Set<String> known = before.complaints.getOrDefault(proof, Set.of()).stream()
                    .map(Complaint::words)
                    .collect(Collectors.toSet());
            all.stream().filter(complaint -> !known.contains(complaint.words())).forEach(worse::add);
        });
        return worse;
    }
}
