package io.gatehouse.acceptance;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A network of two ends, this machine and a network namespace, whose packets come through here and are late or lost as is asked
 * for: what {@code tc netem} does, which not every kernel has. At each end socat makes IP packets of a TUN device datagrams.
 */
final class Wire implements AutoCloseable {
    private static final int LARGEST = 65_535;

    private final long process = ProcessHandle.current().pid();
    private final String name = "gh" + process;
    /** Of the addresses that RFC 2544 sets aside for tests; other ones for each process that tests. */
    private final String net = "198.18." + (process >> 6 & 0xff) + ".";

    private final long first = (process & 0x3f) << 2;

    private final DatagramSocket relay = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    private final SocketAddress here = address(BrokerProcess.freePort());
    private final SocketAddress there = address(BrokerProcess.freePort());
    private final ScheduledExecutorService courier = Executors.newSingleThreadScheduledExecutor();
    private final Random random = new Random(1);
    private final Child near;
    private final Child far;
    private volatile long delayNanos;
    private volatile double loss;

    private Wire() throws IOException {
        Shell.run("ip", "netns", "add", name);
        near = end(net + (first + 1), "n", here);
        far = end(net + (first + 2), "f", there);
        Shell.run("ip", "link", "set", name + "f", "netns", name);
        inside("ip", "addr", "add", net + (first + 2) + "/30", "dev", name + "f");
        inside("ip", "link", "set", name + "f", "up");
        inside("ip", "link", "set", "lo", "up");
        Thread thread = new Thread(this::carry, "wire " + name);
        thread.setDaemon(true);
        thread.start();
    }

    /** A wire on which all arrives at once; skips the test that calls it where none can be laid. */
    static Wire lay() throws IOException {
        Shell.assumeRootWith("a network of our own", "/dev/net/tun", "/usr/bin/socat", "/usr/sbin/ip");
        return new Wire();
    }

    /** How to run a program at the far end. */
    Surroundings far() {
        return Surroundings.of("ip", "netns", "exec", name);
    }

    /** By which address the far end knows this machine. */
    String near() {
        return net + (first + 1);
    }

    /** From now on each packet is so late, each way, and of all so many are lost: 0 none, 1 all. */
    void weather(Duration delay, double loss) {
        delayNanos = delay.toNanos();
        this.loss = loss;
    }

    private Child end(String address, String suffix, SocketAddress socket) throws IOException {
        String device = name + suffix;
        Child socat = Child.start(List.of(
                "socat",
                "TUN:" + address + "/30,tun-type=tun,iff-no-pi,iff-up,tun-name=" + device,
                "UDP4-DATAGRAM:127.0.0.1:" + relay.getLocalPort() + ",bind=127.0.0.1:"
                        + ((InetSocketAddress) socket).getPort()));
        Awaitility.await("network device " + device)
                .atMost(Duration.ofSeconds(5))
                .until(() -> Files.exists(Path.of("/sys/class/net/" + device)));
        return socat;
    }

    private void inside(String... command) throws IOException {
        String[] whole = new String[command.length + 4];
        System.arraycopy(new String[] {"ip", "netns", "exec", name}, 0, whole, 0, 4);
        System.arraycopy(command, 0, whole, 4, command.length);
        Shell.run(whole);
    }

    private static SocketAddress address(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private void carry() {
        byte[] buffer = new byte[LARGEST];
        while (!relay.isClosed()) {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                relay.receive(packet);
                if (random.nextDouble() >= loss) {
                    byte[] bytes = Arrays.copyOf(buffer, packet.getLength());
                    SocketAddress to = packet.getSocketAddress().equals(here) ? there : here;
                    courier.schedule(
                            () -> send(new DatagramPacket(bytes, bytes.length, to)), delayNanos, TimeUnit.NANOSECONDS);
                }
            } catch (IOException e) {
                // Closed; or nobody is at the other end, and a packet more is lost.
            }
        }
    }

    private void send(DatagramPacket packet) {
        try {
            relay.send(packet);
        } catch (IOException e) {
            // Lost, as packets are.
        }
    }

    @Override
    public void close() throws IOException {
        near.close();
        far.close();
        courier.shutdownNow();
        relay.close();
        Shell.run("ip", "netns", "del", name);
    }
}
