package io.gatehouse.acceptance;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** One connection of a client through the proxy: for each way a thread that reads, and a courier that writes, perhaps later. */
final class ProxiedConnection {
    private static final int LARGEST = (1 << 28) - 1;
    private static final int ONCE = 1 << 16;

    private final HostileProxy proxy;
    private final Socket client;
    private final Socket broker;
    private final long delayNanos;
    private final ScheduledExecutorService toBroker = courier();
    private final ScheduledExecutorService toClient = courier();
    private final Set<Integer> fromClientUnderway = new HashSet<>();
    private final Set<Integer> toClientUnderway = new HashSet<>();
    private int receiveMaximum = 0xFFFF;
    private int maximumPacketSize = Integer.MAX_VALUE;
    private volatile boolean swallowing;
    private volatile boolean broken;

    private interface Way {
        void pass(Packet packet) throws IOException;
    }

    ProxiedConnection(HostileProxy proxy, Socket client, Socket broker, Duration delay) {
        this.proxy = proxy;
        this.client = client;
        this.broker = broker;
        this.delayNanos = delay.toNanos();
    }

    private static ScheduledExecutorService courier() {
        return Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "proxy courier"));
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    void begin() {
        daemon(() -> pump(client, this::fromClient), "proxy from client").start();
        daemon(() -> pump(broker, this::fromBroker), "proxy from broker").start();
    }

    /** From now on for ever, and with its sockets open. */
    void swallow() {
        swallowing = true;
    }

    void close() {
        proxy.ended(this);
        toBroker.shutdown();
        toClient.shutdown();
        closeQuietly(client);
        closeQuietly(broker);
    }

    private void pump(Socket from, Way way) {
        try (InputStream in = new BufferedInputStream(from.getInputStream())) {
            while (true) {
                proxy.awaitThawed();
                Packet packet = Packet.read(in);
                proxy.awaitThawed();
                if (!swallowing && !broken) {
                    way.pass(packet);
                }
            }
        } catch (IOException | InterruptedException | RejectedExecutionException e) {
            // One of the two went. Where it swallows, the other is not to notice.
        }
        if (!swallowing) {
            close();
        }
    }

    private void fromClient(Packet packet) {
        if (packet.bytes().length > maximumPacketSize) {
            blame("a packet of " + packet.bytes().length + " bytes, of " + maximumPacketSize, Packet.TOO_LARGE);
            return;
        }
        if (packet.counts()) {
            int underway = add(fromClientUnderway, packet.id());
            proxy.traffic().fromClient(underway);
            if (underway > receiveMaximum) {
                blame(underway + " messages at a time, of " + receiveMaximum, Packet.RECEIVE_MAXIMUM_EXCEEDED);
                return;
            }
        } else if (packet.type() == Packet.PUBACK) {
            remove(toClientUnderway, packet.id());
        }
        if (packet.counts() && proxy.isToLose(packet)) {
            remove(fromClientUnderway, packet.id());
            send(toClient, client, Packet.puback(packet.id()).bytes());
            return;
        }
        if (packet.type() == Packet.CONNECT) {
            send(toBroker, broker, proxy.admitted(packet).bytes());
        } else if (packet.type() == Packet.PUBLISH && proxy.isToCut(true)) {
            sendHalf(toBroker, broker, packet);
        } else {
            send(toBroker, broker, packet.bytes());
        }
    }

    private void fromBroker(Packet packet) {
        if (packet.type() == Packet.CONNACK) {
            Packet altered = proxy.altered(packet);
            receiveMaximum = altered.receiveMaximum();
            maximumPacketSize = altered.maximumPacketSize();
            send(toClient, client, altered.bytes());
        } else if (packet.type() == Packet.PUBACK) {
            int copies = proxy.copies();
            if (copies > 0) {
                remove(fromClientUnderway, packet.id());
            }
            for (int copy = 0; copy < copies; copy++) {
                send(toClient, client, packet.bytes());
            }
        } else {
            if (packet.type() == Packet.PUBLISH) {
                int underway = packet.counts() ? add(toClientUnderway, packet.id()) : 0;
                proxy.traffic().toClient(packet, underway);
                proxy.largest().ifPresent(this::sendLargest);
            }
            if (packet.type() == Packet.PUBLISH && proxy.isToCut(false)) {
                sendHalf(toClient, client, packet);
            } else {
                send(toClient, client, packet.bytes());
            }
        }
    }

    private void blame(String what, int reason) {
        proxy.violated(what);
        send(toClient, client, Packet.disconnect(reason).bytes());
        toClient.schedule(this::close, delayNanos, TimeUnit.NANOSECONDS);
    }

    private void sendHalf(ScheduledExecutorService courier, Socket to, Packet packet) {
        broken = true;
        send(courier, to, Arrays.copyOf(packet.bytes(), packet.bytes().length / 2));
        courier.schedule(this::close, delayNanos, TimeUnit.NANOSECONDS);
    }

    private void send(ScheduledExecutorService courier, Socket to, byte[] bytes) {
        courier.schedule(
                () -> {
                    try {
                        to.getOutputStream().write(bytes);
                    } catch (IOException e) {
                        close();
                    }
                },
                delayNanos,
                TimeUnit.NANOSECONDS);
    }

    /** A PUBLISH at QoS 0 whose length is the largest that four bytes say (MQTT 5.0, 1.5.5), of zeros. */
    private void sendLargest(String topic) {
        toClient.execute(() -> {
            try {
                byte[] name = topic.getBytes(StandardCharsets.UTF_8);
                OutputStream out = client.getOutputStream();
                out.write(new byte[] {0x30, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x7F, 0, (byte) name.length});
                out.write(name);
                byte[] zeros = new byte[ONCE];
                for (int left = LARGEST - 2 - name.length; left > 0; left -= ONCE) {
                    out.write(zeros, 0, Math.min(left, ONCE));
                }
                proxy.sentLargest();
            } catch (IOException e) {
                close();
            }
        });
    }

    private static int add(Set<Integer> underway, int id) {
        synchronized (underway) {
            underway.add(id);
            return underway.size();
        }
    }

    private static void remove(Set<Integer> underway, int id) {
        synchronized (underway) {
            underway.remove(id);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Whoever is at the other end notices.
        }
    }
}
