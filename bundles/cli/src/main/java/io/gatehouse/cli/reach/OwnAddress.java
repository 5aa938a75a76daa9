package io.gatehouse.cli.reach;

import io.gatehouse.cli.fleet.Trouble;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;

/** The address of this machine that others reach it by, on the way to the broker. */
public final class OwnAddress {
    /** Of no matter: nothing is sent. */
    private static final int ANY_PORT = 9;

    private OwnAddress() {}

    /**
     * Asks the system by which of its addresses it would speak to the broker.
     *
     * @throws Trouble if there is no way there
     */
    public static InetAddress towards(URI broker) throws Trouble {
        String host = broker.getHost();
        if (host == null) {
            return InetAddress.getLoopbackAddress();
        }
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByName(host), ANY_PORT));
            return socket.getLocalAddress();
        } catch (IOException e) {
            throw new Trouble(
                    Trouble.Kind.UNREACHABLE,
                    "no way to " + host
                            + ", so no address at which the device would find this machine; --relay-bind and"
                            + " --relay-address name one",
                    e);
        }
    }
}
