package com.example.modbus;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** Where a device is. By its address alone: nobody bounds how long a name server takes, and a reading has to end in time. */
final class Address {
    private static final String BYTE = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final Pattern IPV4 = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");

    private Address() {}

    /**
     * Reads it, and asks nobody.
     *
     * @throws IllegalArgumentException where it is no address
     */
    static InetAddress of(String host) {
        if (host.isBlank()) {
            throw new IllegalArgumentException("host is missing: the device's address, such as 192.168.1.20");
        }
        // what has a colon is never taken for a name
        if (IPV4.matcher(host).matches() || host.contains(":")) {
            try {
                return InetAddress.getByName(host);
            } catch (UnknownHostException e) {
                throw wrong(host, e);
            }
        }
        throw wrong(host, null);
    }

    private static IllegalArgumentException wrong(String host, UnknownHostException why) {
        return new IllegalArgumentException(
                "host must be an address, such as 192.168.1.20, as a name server may take too long: " + host, why);
    }
}
