package io.gatehouse.tasks.network;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One question to a name server (RFC 1035, section 4).
 *
 * @param id by which the answer is known, 0 to 65535
 * @param name without a dot at its end
 */
record DnsQuestion(int id, String name, Type type) {
    private static final int LONGEST_LABEL = 63;
    private static final int LONGEST_NAME = 253;
    private static final int RECURSION_DESIRED = 0x0100;

    /** What is asked for. */
    enum Type {
        A(1),
        AAAA(28);

        private final int code;

        Type(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    DnsQuestion {
        if (id < 0 || id > 0xffff || !isName(name)) {
            throw new IllegalArgumentException("no question can be asked of " + name + " with the number " + id);
        }
    }

    /** Whether this is a name that can be asked for: labels of 1 to 63 letters, digits, hyphens and underscores, with dots between them. */
    static boolean isName(String name) {
        return name.length() <= LONGEST_NAME
                && name.chars()
                        .allMatch(c -> c == '.' || c == '-' || c == '_' || (c < 0x80 && Character.isLetterOrDigit(c)))
                && labels(name).stream().allMatch(label -> !label.isEmpty() && label.length() <= LONGEST_LABEL);
    }

    /** As it is sent. */
    byte[] bytes() {
        ByteBuffer bytes = ByteBuffer.allocate(12 + name.length() + 2 + 4);
        bytes.putShort((short) id).putShort((short) RECURSION_DESIRED);
        bytes.putShort((short) 1).putShort((short) 0).putShort((short) 0).putShort((short) 0);
        for (String label : labels(name)) {
            bytes.put((byte) label.length()).put(label.getBytes(StandardCharsets.US_ASCII));
        }
        bytes.put((byte) 0).putShort((short) type.code()).putShort((short) 1);
        return bytes.array();
    }

    private static List<String> labels(String name) {
        return List.of(name.split("\\.", -1));
    }
}
