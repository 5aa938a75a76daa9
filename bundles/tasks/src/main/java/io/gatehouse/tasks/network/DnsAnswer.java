package io.gatehouse.tasks.network;

import java.io.IOException;
import java.io.Serial;
import java.net.InetAddress;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a name server answers to one question (RFC 1035, section 4).
 *
 * @param code 0 where all is well, 2 SERVFAIL, 3 NXDOMAIN, 5 REFUSED
 * @param isCut whether it did not fit, so that it is to be asked for by TCP
 * @param records those that answer the question, and the other names that lead to them
 */
record DnsAnswer(int code, boolean isCut, List<DnsRecord> records) {
    private static final int RESPONSE = 0x8000;
    private static final int CUT = 0x0200;
    private static final int CNAME = 5;
    private static final int INTERNET = 1;
    private static final int MOST_RECORDS = 256;
    private static final int LONGEST_NAME = 255;

    /** A packet is no answer to what was asked, or none at all. */
    static final class Malformed extends IOException {
        @Serial
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message);
        }
    }

    DnsAnswer {
        records = List.copyOf(records);
    }

    /** Reads what came, which is nobody's word until it shows the number and the question. */
    static DnsAnswer read(byte[] packet, int length, DnsQuestion question) throws Malformed {
        ByteBuffer bytes = ByteBuffer.wrap(packet, 0, length);
        try {
            return read(bytes, question);
        } catch (BufferUnderflowException e) {
            throw new Malformed("it ends too early");
        }
    }

    private static DnsAnswer read(ByteBuffer bytes, DnsQuestion question) throws Malformed {
        int id = bytes.getShort() & 0xffff;
        int flags = bytes.getShort() & 0xffff;
        int questions = bytes.getShort() & 0xffff;
        int answers = bytes.getShort() & 0xffff;
        bytes.getInt(); // what follows the answers is not needed
        if (id != question.id() || (flags & RESPONSE) == 0 || (flags & 0x7800) != 0 || questions != 1) {
            throw new Malformed("it is no answer to what was asked");
        }
        String name = name(bytes);
        boolean isSame = name.equals(question.name().toLowerCase(Locale.ROOT))
                && bytes.getShort() == question.type().code()
                && bytes.getShort() == INTERNET;
        if (!isSame) {
            throw new Malformed("it answers another question");
        }
        boolean isCut = (flags & CUT) != 0;
        int code = flags & 0xf;
        // a packet that was cut may end anywhere, and is asked for again
        return new DnsAnswer(code, isCut, isCut ? List.of() : records(bytes, answers, name, question.type()));
    }

    private static List<DnsRecord> records(ByteBuffer bytes, int count, String asked, DnsQuestion.Type wanted)
            throws Malformed {
        if (count > MOST_RECORDS) {
            throw new Malformed("it has " + count + " records");
        }
        List<DnsRecord> records = new ArrayList<>();
        Set<String> names = new HashSet<>(Set.of(asked));
        for (int read = 0; read < count; read++) {
            String owner = name(bytes);
            int type = bytes.getShort() & 0xffff;
            int family = bytes.getShort() & 0xffff;
            long ttl = Math.max(0, bytes.getInt()); // RFC 2181, section 8: a negative one counts as 0
            int length = bytes.getShort() & 0xffff;
            int end = bytes.position() + length;
            if (end > bytes.limit()) {
                throw new BufferUnderflowException();
            }
            if (family == INTERNET && names.contains(owner)) {
                if (type == CNAME) {
                    String target = name(bytes);
                    names.add(target);
                    records.add(new DnsRecord("CNAME", target, ttl));
                } else if (type == wanted.code()) {
                    records.add(new DnsRecord(wanted.name(), address(bytes, length, wanted), ttl));
                }
            }
            bytes.position(end);
        }
        return records;
    }

    private static String address(ByteBuffer bytes, int length, DnsQuestion.Type type) throws Malformed {
        if (length != (type == DnsQuestion.Type.A ? 4 : 16)) {
            throw new Malformed("it has an address of " + length + " bytes");
        }
        byte[] address = new byte[length];
        bytes.get(address);
        try {
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (IOException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }

    /**
     * A name in lower case, without a dot at its end; what no host's name has is written as {@code \ddd}. What follows is where
     * the name ends in its own place. A name is ever continued further in front, so that it ends.
     */
    private static String name(ByteBuffer bytes) throws Malformed {
        StringBuilder name = new StringBuilder();
        ByteBuffer at = bytes;
        int front = bytes.position();
        int length = 1;
        for (int size = at.get() & 0xff; size != 0; size = at.get() & 0xff) {
            if ((size & 0xc0) == 0xc0) {
                int target = ((size & 0x3f) << 8) | (at.get() & 0xff);
                if (target >= front) {
                    throw new Malformed("a name is continued by itself or behind it");
                }
                front = target;
                at = bytes.duplicate().position(target);
                continue;
            }
            length += size + 1;
            if (size > 63 || length > LONGEST_NAME) {
                throw new Malformed("a name is longer than it may be");
            }
            name.append(name.length() == 0 ? "" : ".");
            for (int left = size; left > 0; left--) {
                append(name, at.get() & 0xff);
            }
        }
        return name.toString();
    }

    private static void append(StringBuilder name, int c) {
        boolean isPlain = c < 0x80 && (Character.isLetterOrDigit(c) || c == '-' || c == '_' || c == '*');
        if (isPlain) {
            name.append((char) Character.toLowerCase(c));
        } else {
            name.append('\\')
                    .append((char) ('0' + c / 100))
                    .append((char) ('0' + c / 10 % 10))
                    .append((char) ('0' + c % 10));
        }
    }
}
