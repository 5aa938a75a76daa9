package com.example.wake;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import java.util.HexFormat;
import java.util.Optional;

/** Six bytes as two hexadecimal digits each, by colons or hyphens: a MAC address, and the password of SecureOn. */
final class SixBytes {
    private static final String FORM = "([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}";

    private SixBytes() {}

    /**
     * The argument of this name, where it is there.
     *
     * @throws BadArgument where it is something else
     */
    static Optional<byte[]> of(Members arguments, String name) {
        return arguments.optionalString(name).map(text -> {
            if (!text.matches(FORM)) {
                throw arguments.wrong(name, text, "six bytes such as 00:11:22:aa:bb:cc");
            }
            return HexFormat.of().parseHex(text.replaceAll("[:-]", ""));
        });
    }
}
