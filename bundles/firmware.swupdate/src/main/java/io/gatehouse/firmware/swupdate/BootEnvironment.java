package io.gatehouse.firmware.swupdate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatehouse.program.Ended;
import io.gatehouse.program.Program;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What the boot loader decides by. All that belongs together is set by one write, so that no power cut finds a part of it, and none where all is so
 * already: flash wears out.
 */
final class BootEnvironment {
    private final List<String> write;
    private final List<String> read;
    private final String slotVariable;
    private final Map<String, String> slots;

    /**
     * As it is configured.
     *
     * @param write takes lines {@code name=value} at its input
     * @param read prints all such lines
     * @param slotVariable says which slot is started
     * @param slots each with its value, {@code slot=value}: none, or two
     */
    BootEnvironment(List<String> write, List<String> read, String slotVariable, List<String> slots) {
        this.write = write;
        this.read = read;
        this.slotVariable = slotVariable;
        this.slots = new LinkedHashMap<>();
        for (String slot : slots) {
            int equals = slot.lastIndexOf('=');
            if (equals <= 0 || equals == slot.length() - 1) {
                throw new IllegalArgumentException("slots: '" + slot + "' is not slot=value");
            }
            this.slots.put(slot.substring(0, equals), slot.substring(equals + 1));
        }
        if (this.slots.size() != slots.size() || slots.size() == 1 || slots.size() > 2) {
            throw new IllegalArgumentException("slots: " + slots + " are not two, nor none");
        }
    }

    /**
     * Sets these, and has the slot started that runs.
     *
     * @param variables {@code name=value}
     */
    void same(List<String> variables, String running) throws IOException, InterruptedException {
        set(variables, slot -> slot.equals(running), running);
    }

    /** Sets these, and has the other slot started. */
    void other(List<String> variables, String running) throws IOException, InterruptedException {
        set(variables, slot -> !slot.equals(running), running);
    }

    private void set(List<String> variables, Predicate<String> started, String running)
            throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(variables);
        if (!slots.isEmpty()) {
            if (!slots.containsKey(running)) {
                throw new IOException("the slot that runs, " + running + ", is none of " + slots.keySet()
                        + ": configure io.gatehouse.firmware.swupdate: slots");
            }
            slots.forEach((slot, value) -> {
                if (started.test(slot)) {
                    all.add(slotVariable + "=" + value);
                }
            });
        }
        if (!lines().containsAll(all)) {
            Program.configured(write)
                    .input((String.join("\n", all) + "\n").getBytes(UTF_8))
                    .runWell();
        }
    }

    /** What is there now; nothing where that cannot be read, as before it was first written. */
    private Set<String> lines() throws IOException, InterruptedException {
        Ended ended = Program.configured(read).run();
        return ended.isWell() ? ended.output().text().lines().collect(Collectors.toSet()) : Set.of();
    }
}
