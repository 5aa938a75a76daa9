package com.example.wake;

import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The command {@code wake}: has a machine that sleeps woken by its network card (Wake-on-LAN). Whether it wakes, nobody says. */
@Component
@Command("wake")
public final class Wake implements CommandHandler {
    private static final int DISCARD = 9;
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Duration pause;

    @Activate
    public Wake() {
        this(PAUSE);
    }

    /**
     * One that waits so long.
     *
     * @param pause from one packet to the next
     */
    Wake(Duration pause) {
        this.pause = pause;
    }

    @Override
    public Outcome handle(Invocation invocation) throws IOException, InterruptedException {
        Members arguments = invocation.arguments();
        byte[] packet = MagicPacket.of(arguments);
        List<InetAddress> destinations = Destination.of(arguments);
        int port = (int) arguments.integer("port", DISCARD, 1, 65535);
        int count = (int) arguments.integer("count", 3, 1, 100);
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setBroadcast(true);
            for (int sent = 1; sent <= count; sent++) {
                for (InetAddress destination : destinations) {
                    socket.send(new DatagramPacket(packet, packet.length, destination, port));
                }
                invocation.progress((double) sent / count, "sent " + sent + " of " + count);
                if (sent < count) {
                    Thread.sleep(pause.toMillis()); // a cancel, or the command's deadline, ends this
                }
            }
        }
        return Outcome.done(Map.of(
                "sent",
                count,
                "to",
                destinations.stream().map(InetAddress::getHostAddress).toList()));
    }
}
