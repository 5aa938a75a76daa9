package io.gatehouse.firmware.swupdate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatehouse.program.Program;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the boot loader decides by. All that belongs together is set by one write, so that no power cut finds a part of it. */
final class BootEnvironment {
    private final List<String> command;
    private final String slotVariable;
    private final Map<String, String> slots;

    /**
     * As it is configured.
     *
     * @param command takes lines {@code name=value} at its input
     * @param slotVariable says which slot is started
     * @param slots each with its value, {@code slot=value}: none, or two
     */
    BootEnvironment(List<String> command, String slotVariable, List<String> slots) {
        this.command = command;
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
     * Sets these.
     *
     * @param variables {@code name=value}
     */
    void set(List<String> variables) throws IOException, InterruptedException {
        Program.configured(command)
                .input((String.join("\n", variables) + "\n").getBytes(UTF_8))
                .runWell();
    }

    /** Sets these, and has the other slot started. */
    void other(List<String> variables, String running) throws IOException, InterruptedException {
        if (slots.isEmpty()) {
            set(variables);
            return;
        }
        if (!slots.containsKey(running)) {
            throw new IOException("the slot that runs, " + running + ", is none of " + slots.keySet()
                    + ": configure io.gatehouse.firmware.swupdate: slots");
        }
        List<String> all = new ArrayList<>(variables);
        for (Map.Entry<String, String> slot : slots.entrySet()) {
            if (!slot.getKey().equals(running)) {
                all.add(slotVariable + "=" + slot.getValue());
            }
        }
        set(all);
    }
}
