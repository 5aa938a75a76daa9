package io.gatehouse.benchmarks;

import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Rollout;
import io.gatehouse.protocol.Topic;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.paho.mqttv5.common.MqttException;

/** A reverse tunnel: bytes a second each way, and from the command to the open port. */
final class Tunnel implements Benchmark {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String DEVICE = Programs.GATEWAY_DEVICE;
    private static final String PID = "io.gatehouse.tunnel.ssh";
    private static final double MIB = 1 << 20;

    @Override
    public String name() {
        return "tunnel";
    }

    @Override
    public String method() {
        return "**Tunnel**: 200 MiB (32 with `--quick`) from a server on the device to whoever connects to the relay's port, and as many the"
                + " other way, over one connection, through a stock OpenSSH server on loopback whose only cipher is `"
                + Relay.CIPHER
                + "`. The peer is OpenSSH's client with `-R`, at the same server, taking turns. The port is open when the answer to"
                + " `tunnel.open` is there.";
    }

    @Override
    public List<Row> run(Bench bench) throws IOException, InterruptedException, MqttException {
        if (Relay.installed().isEmpty()) {
            throw new IOException("bench tunnel needs root and an OpenSSH server: apt install openssh-server");
        }
        long size = (bench.quick() ? 32L : 200L) << 20;
        Figures peer = new Figures();
        Figures own = new Figures();
        List<Double> opened = new ArrayList<>();
        try (Relay relay = Relay.start(bench.work().resolve("relay"));
                Far far = new Far(size);
                Operator operator = Operator.at(bench.broker(), DEVICE + "/#", Operator.REPLIES);
                Running gateway = bench.programs().gateway("tunnel").start()) {
            operator.await("the gateway; see " + gateway.log(), 0, PATIENCE, message -> message.topic()
                    .equals(DEVICE + Start.TOPIC));
            permit(operator, far.port());
            relay.admit(
                    operator.command(DEVICE, "tunnel.key", Map.of(), PATIENCE).string("key"));
            for (int round = 0; round < bench.rounds(5, 1); round++) {
                int port = Relay.freePort();
                try (Running client = relay.openSsh(port, far.port())) {
                    peer.add(far.through(port));
                    if (!client.isAlive()) {
                        throw new IOException("OpenSSH's client ended; see " + client.log());
                    }
                }
                long began = System.nanoTime();
                Members tunnel = operator.command(DEVICE, "tunnel.open", order(relay, far.port()), PATIENCE);
                opened.add((System.nanoTime() - began) / 1e6);
                own.add(far.through((int) tunnel.integer("listen", 1, 65_535)));
                operator.command(DEVICE, "tunnel.close", Map.of("id", tunnel.string("id")), PATIENCE);
                bench.say("tunnel: OpenSSH " + peer + ", gateway " + own + " MiB/s, open after " + opened + " ms");
            }
        }
        return List.of(
                row("tunnel, from the device", own.up, peer.up),
                row("tunnel, to the device", own.down, peer.down),
                Row.noted("tunnel.open: command to open port", "ms", new Sample(opened)));
    }

    private static Row row(String what, List<Double> own, List<Double> peer) {
        return Row.against("OpenSSH `-R`", what, "MiB/s", new Sample(own), new Sample(peer), Row.atLeast(0.6));
    }

    private static Map<String, Object> order(Relay relay, int target) throws IOException, InterruptedException {
        return Map.of(
                "relay", relay.address(), "hostKey", relay.hostKey(), "user", "root", "target", "127.0.0.1:" + target);
    }

    /** Lets tunnels lead there, and waits until the gateway knows. */
    private static void permit(Operator operator, int port) throws MqttException, InterruptedException {
        int mark = operator.mark();
        Envelope wish = new Envelope(Optional.of(Map.of("targets", List.of("127.0.0.1:" + port))), Rollout.ALL);
        operator.publish(new Topic.Desired(DEVICE, "configuration", Optional.of(PID)), wish);
        operator.await(
                "the configuration",
                mark,
                PATIENCE,
                message -> message.topic().equals(DEVICE + "/reported/configuration")
                        && message.body().string("state").equals("applied"));
    }

    /** MiB a second. */
    private static final class Figures {
        final List<Double> up = new ArrayList<>();
        final List<Double> down = new ArrayList<>();

        void add(double[] both) {
            up.add(both[0]);
            down.add(both[1]);
        }

        @Override
        public String toString() {
            return up + " up, " + down + " down";
        }
    }

    /** A server on the device's side: sends so many bytes, takes as many, and says that it has them. */
    private static final class Far implements AutoCloseable {
        private static final int PIECE = 64 * 1024;

        private final ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        private final long size;

        Far(long size) throws IOException {
            this.size = size;
            Thread thread = new Thread(this::serve, "far");
            thread.setDaemon(true);
            thread.start();
        }

        int port() {
            return server.getLocalPort();
        }

        /** Connects to this port, takes all and sends all; MiB a second from there, and to there. */
        double[] through(int port) throws IOException {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                long began = System.nanoTime();
                take(socket.getInputStream());
                long taken = System.nanoTime();
                give(socket.getOutputStream());
                if (socket.getInputStream().read() != 1) {
                    throw new EOFException("the other end did not take all of " + size + " bytes");
                }
                long given = System.nanoTime();
                return new double[] {size / MIB / ((taken - began) / 1e9), size / MIB / ((given - taken) / 1e9)};
            }
        }

        private void serve() {
            while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                    give(socket.getOutputStream());
                    take(socket.getInputStream());
                    socket.getOutputStream().write(1);
                } catch (IOException e) {
                    if (!server.isClosed() && !(e instanceof EOFException || e instanceof SocketException)) {
                        System.err.println("far: " + e); // whoever only looked whether the port is open goes at once
                    }
                }
            }
        }

        private void give(OutputStream out) throws IOException {
            byte[] piece = new byte[PIECE];
            for (long left = size; left > 0; left -= piece.length) {
                out.write(piece, 0, (int) Math.min(left, piece.length));
            }
            out.flush();
        }

        private void take(InputStream in) throws IOException {
            byte[] piece = new byte[PIECE];
            for (long left = size; left > 0; ) {
                int count = in.read(piece, 0, (int) Math.min(left, piece.length));
                if (count < 0) {
                    throw new EOFException(left + " of " + size + " bytes did not come");
                }
                left -= count;
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
