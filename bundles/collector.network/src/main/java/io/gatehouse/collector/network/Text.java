package io.gatehouse.collector.network;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/** Addresses as text. */
final class Text {
    private Text() {}

    /** As in RFC 5952: lower case, the longest run of two zeros or more left out; without a zone. */
    static String of(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address.getHostAddress();
        }
        int[] groups = new int[8];
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        for (int at = 0; at < groups.length; at++) {
            groups[at] = bytes.getShort() & 0xffff;
        }
        int from = -1;
        int longest = 1;
        for (int at = 0; at < groups.length; at++) {
            int length = zerosFrom(groups, at);
            if (length > longest) {
                from = at;
                longest = length;
            }
        }
        return from < 0 ? joined(groups, 0, 8) : joined(groups, 0, from) + "::" + joined(groups, from + longest, 8);
    }

    private static int zerosFrom(int[] groups, int from) {
        int at = from;
        while (at < groups.length && groups[at] == 0) {
            at++;
        }
        return at - from;
    }

    private static String joined(int[] groups, int from, int to) {
        StringBuilder text = new StringBuilder(40);
        for (int at = from; at < to; at++) {
            text.append(at == from ? "" : ":").append(Integer.toHexString(groups[at]));
        }
        return text.toString();
    }
}
