package com.example.modbus;

import java.math.BigDecimal;
import java.util.Optional;

/** What stands in one register, or in two that follow each other. */
enum Type {
    UINT16(1),
    INT16(1),
    UINT32(2),
    INT32(2),
    FLOAT32(2);

    private final int words;

    Type(int words) {
        this.words = words;
    }

    /** How many registers it takes. */
    int words() {
        return words;
    }

    /**
     * The number.
     *
     * @param bits of the registers, 16 or 32
     * @return nothing where a float is no number, by which devices say that there is no value
     */
    Optional<BigDecimal> number(int bits) {
        switch (this) {
            case UINT16:
            case INT32:
                return Optional.of(BigDecimal.valueOf(bits));
            case INT16:
                return Optional.of(BigDecimal.valueOf((short) bits));
            case UINT32:
                return Optional.of(BigDecimal.valueOf(Integer.toUnsignedLong(bits)));
            default:
                float number = Float.intBitsToFloat(bits);
                // by its shortest decimal form: 230.1, and not what is behind that in binary
                return Float.isFinite(number) ? Optional.of(new BigDecimal(Float.toString(number))) : Optional.empty();
        }
    }
}
