package com.example.wake;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** What a sleeping network card waits for: six bytes 0xff, its MAC address sixteen times, and its password where it has one. */
final class MagicPacket {
    private static final int TIMES = 16;

    private MagicPacket() {}

    /**
     * The packet for these arguments, {@code mac} and {@code password}.
     *
     * @throws BadArgument where one of both will not do
     */
    static byte[] of(Members arguments) {
        byte[] mac = SixBytes.of(arguments, "mac").orElseThrow(() -> new BadArgument("mac is missing"));
        byte[] password = SixBytes.of(arguments, "password").orElse(new byte[0]);
        ByteBuffer packet = ByteBuffer.allocate(6 + TIMES * mac.length + password.length);
        byte[] beginning = new byte[6];
        Arrays.fill(beginning, (byte) 0xff);
        packet.put(beginning);
        for (int time = 0; time < TIMES; time++) {
            packet.put(mac);
        }
        return packet.put(password).array();
    }
}
