package com.example.modbus;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Registers that one request reads.
 *
 * @param registers at least one, of one table, in the order of their addresses
 */
record Span(List<Register> registers) {
    /** How many registers a request may ask for: Modbus Application Protocol 1.1b3, 6.3 and 6.4. */
    static final int LONGEST = 125;

    Span {
        registers = List.copyOf(registers);
    }

    /**
     * As few as read all of these.
     *
     * @param gap how many registers between two may be read for nothing
     */
    static List<Span> covering(List<Register> registers, int gap) {
        List<Register> sorted = new ArrayList<>(registers);
        sorted.sort(Comparator.comparing(Register::table)
                .thenComparing(Register::address)
                .thenComparing(Register::end));
        List<Span> spans = new ArrayList<>();
        List<Register> together = new ArrayList<>();
        int end = 0;
        for (Register register : sorted) {
            if (!together.isEmpty() && !reaches(together.get(0), end + gap, register)) {
                spans.add(new Span(together));
                together.clear();
            }
            end = together.isEmpty() ? register.end() : Math.max(end, register.end());
            together.add(register);
        }
        spans.add(new Span(together));
        return spans;
    }

    private static boolean reaches(Register first, int to, Register next) {
        return first.table() == next.table() && next.address() <= to && next.end() - first.address() <= LONGEST;
    }

    Table table() {
        return registers.get(0).table();
    }

    int first() {
        return registers.get(0).address();
    }

    int count() {
        return registers.stream().mapToInt(Register::end).max().orElseThrow() - first();
    }

    /** The values by name, of what was read; without those that the device has none of. */
    Map<String, Map<String, Object>> values(int[] words) {
        Map<String, Map<String, Object>> values = new LinkedHashMap<>();
        for (Register register : registers) {
            register.value(words, register.address() - first()).ifPresent(value -> values.put(register.name(), value));
        }
        return values;
    }

    @Override
    public String toString() {
        return table().name().toLowerCase(Locale.ROOT) + " registers " + first() + " to " + (first() + count() - 1);
    }
}
