package io.gatehouse.acceptance;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What came of all that a device numbered, and what it said itself of the rest. */
final class Account {
    private final Map<String, TreeSet<Long>> numbers = new HashMap<>();
    private final TreeSet<String> told = new TreeSet<>();
    private long dropped;
    private long droppedForGood;

    /** Of all that was heard so far from this device. */
    Account(String device, List<Operator.Heard> heard) {
        for (Operator.Heard message : heard) {
            String seq = message.properties().get("seq");
            if (seq != null && message.topic().startsWith(device + "/")) {
                String boot = message.properties().get("boot");
                numbers.computeIfAbsent(boot, any -> new TreeSet<>()).add(Long.parseLong(seq));
                if (message.topic().equals(device + "/event/outbox") && told.add(boot + seq)) {
                    dropped += count(message, "observations");
                    droppedForGood += count(message, "events") + count(message, "replies");
                }
            }
        }
    }

    private static long count(Operator.Heard message, String what) {
        return message.body()
                .value(what)
                .map(value -> ((Number) value).longValue())
                .orElse(0L);
    }

    /** How many arrived. */
    long messages() {
        return numbers.values().stream().mapToLong(TreeSet::size).sum();
    }

    /** How many did not, of those that are less than the last of their boot that did. */
    long missing() {
        return numbers.values().stream()
                .mapToLong(seqs -> seqs.last() - seqs.size())
                .sum();
    }

    /** How many of these the device does not say anything of. */
    long lost() {
        return Math.max(0, missing() - dropped);
    }

    /** How many observations the device says that it let go. */
    long dropped() {
        return dropped;
    }

    /** Whether nothing is missing but what it let go, which are observations only. */
    boolean isWhole() {
        return lost() == 0 && droppedForGood == 0;
    }

    @Override
    public String toString() {
        return messages() + " messages, " + missing() + " missing, " + dropped + " observations dropped, "
                + droppedForGood + " others; by boot " + gaps();
    }

    private Map<String, String> gaps() {
        Map<String, String> gaps = new HashMap<>();
        numbers.forEach((boot, seqs) -> {
            StringBuilder text = new StringBuilder();
            long next = 1;
            for (long seq : seqs) {
                if (seq > next) {
                    text.append(next).append('-').append(seq - 1).append(' ');
                }
                next = seq + 1;
            }
            gaps.put(boot, text + "of " + seqs.last());
        });
        return gaps;
    }
}
