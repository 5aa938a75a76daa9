package io.gatehouse.launcher;

import io.gatehouse.software.RuntimeSlot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A runtime that is to prove itself, and how well the one before it was, which it is measured by.
 *
 * @param complaints what each proof complained of, by its name
 * @param down symbolic names of the bundles that did not run
 */
record Trial(RuntimeSlot slot, Map<String, Set<String>> complaints, Set<String> down) {
    /** What the image's own runtime is called where a slot's SHA-256 would stand. */
    static final String IMAGE = "image";

    /** The slot's folder, or {@link #IMAGE}. */
    String name() {
        return slot.sha256().orElse(IMAGE);
    }

    /** The supervising script reads the first member, and there is no image whose script reads another. */
    Map<String, Object> write() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("slot", name());
        members.put("version", slot.version());
        members.put("desired", new TreeMap<>(slot.desired()));
        members.put("complaints", new TreeMap<>(complaints));
        members.put("down", new TreeSet<>(down));
        return members;
    }

    static Trial read(Map<String, ?> members) throws IOException {
        String name = Codec.needed(members, "slot", String.class);
        Map<String, Set<String>> complaints = new TreeMap<>();
        Map<?, ?> proofs = Codec.needed(members, "complaints", Map.class);
        proofs.forEach((proof, words) -> complaints.put(String.valueOf(proof), new LinkedHashSet<>(words(words))));
        RuntimeSlot slot = new RuntimeSlot(
                Codec.needed(members, "version", String.class),
                name.equals(IMAGE) ? Optional.empty() : Optional.of(name),
                Codec.strings(Codec.needed(members, "desired", Map.class)));
        return new Trial(slot, complaints, new TreeSet<>(words(Codec.needed(members, "down", List.class))));
    }

    private static List<String> words(Object list) {
        List<String> words = new ArrayList<>();
        if (list instanceof List<?> elements) {
            elements.forEach(element -> words.add(String.valueOf(element)));
        }
        return words;
    }
}
