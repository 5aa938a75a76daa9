package com.example.modbus;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;

/**
 * A value of a device.
 *
 * @param name under which it is published
 * @param address as in the protocol, from 0; a manual's 40001 is 0 of the holding registers
 * @param isLowFirst whether of two registers the first has the low bits
 * @param scale by what the number is multiplied
 * @param unit empty where it has none
 */
record Register(String name, Table table, int address, Type type, boolean isLowFirst, BigDecimal scale, String unit) {
    private static final int ADDRESSES = 65_536;

    Register {
        if (address < 0 || address > ADDRESSES - type.words()) {
            throw new IllegalArgumentException(
                    "the address must be from 0 to " + (ADDRESSES - type.words()) + ": " + address);
        }
    }

    /** The address behind its last. */
    int end() {
        return address + type.words();
    }

    /**
     * The value, of these registers from this place on.
     *
     * @return nothing where the device says that there is none
     */
    Optional<Map<String, Object>> value(int[] words, int at) {
        return type.number(bits(words, at)).map(number -> {
            BigDecimal scaled = number.multiply(scale);
            return unit.isEmpty() ? Map.of("value", scaled) : Map.of("value", scaled, "unit", unit);
        });
    }

    private int bits(int[] words, int at) {
        if (type.words() == 1) {
            return words[at];
        }
        return isLowFirst ? words[at + 1] << 16 | words[at] : words[at] << 16 | words[at + 1];
    }
}
