package io.gatehouse.acceptance;

import io.gatehouse.api.message.Message;
import java.net.URI;
import java.util.concurrent.CountDownLatch;

/** A process that connects with a will, says what arrives, and never comes to an end with it. */
final class Drowsy {
    private Drowsy() {}

    /** Broker, client identifier, filter, topic of its status. */
    public static void main(String[] arguments) throws InterruptedException {
        Message online = Peer.text(arguments[3], "online").retained();
        Message offline = Peer.text(arguments[3], "offline").retained();
        RecordingEndpoint endpoint = new RecordingEndpoint(arguments[1], arguments[2])
                .announcing(online, offline)
                .taking(message -> {
                    System.out.println("taking " + new String(message.payload()));
                    new CountDownLatch(1).await();
                });
        Peer.connect(URI.create(arguments[0]), endpoint);
        System.out.println("connected");
        new CountDownLatch(1).await();
    }
}
