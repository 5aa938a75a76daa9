package io.gatehouse.tasks.network;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;

/**
 * Asks a name server by UDP, and by TCP what does not fit (RFC 1035, section 4.2). Each question goes out from a port of its own, and only packets
 * from the server's address and port are seen at all. For one thread; an interrupt ends it.
 */
final class DnsClient {
    /** Without an extension nobody sends more than 512 bytes by UDP. */
    private static final int LARGEST = 4096;

    private static final int TRIES = 2;

    private final DnsServer server;

    DnsClient(DnsServer server) {
        this.server = server;
    }

    /** The server's answer; asked for twice where nothing comes. */
    DnsAnswer ask(DnsQuestion question, Duration time) throws Unreached, InterruptedException {
        try (Deadline deadline = new Deadline(time)) {
            DnsAnswer answer = byUdp(question, deadline);
            return answer.isCut() ? byTcp(question, deadline) : answer;
        }
    }

    private DnsAnswer byUdp(DnsQuestion question, Deadline deadline) throws Unreached, InterruptedException {
        String strange = "";
        try (DatagramChannel channel = DatagramChannel.open()) {
            channel.connect(server.address());
            for (int tries = TRIES; tries > 0; tries--) {
                channel.write(ByteBuffer.wrap(question.bytes()));
                long until = System.nanoTime() + deadline.left().toNanos() / tries;
                try {
                    return answer(channel.socket(), question, until);
                } catch (DnsAnswer.Malformed e) {
                    strange = "; something came, but " + e.getMessage();
                } catch (SocketTimeoutException e) {
                    // once more
                }
            }
        } catch (IOException e) {
            throw Line.reason(server.toString(), deadline, e);
        }
        throw new Unreached("timed-out", server + " did not answer within " + deadline.words() + strange, null);
    }

    /**
     * The first packet that answers.
     *
     * @throws DnsAnswer.Malformed where until then only others came; of the last of them
     * @throws SocketTimeoutException where nothing came
     */
    private static DnsAnswer answer(DatagramSocket socket, DnsQuestion question, long until) throws IOException {
        IOException last = new SocketTimeoutException("nothing came");
        byte[] bytes = new byte[LARGEST];
        while (true) {
            long left = until - System.nanoTime();
            if (left <= 0) {
                throw last;
            }
            socket.setSoTimeout((int) Math.max(1, Duration.ofNanos(left).toMillis()));
            DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
            try {
                socket.receive(packet);
                return DnsAnswer.read(bytes, packet.getLength(), question);
            } catch (DnsAnswer.Malformed e) {
                last = e; // somebody else's guess, perhaps: the right one may come yet
            } catch (SocketTimeoutException e) {
                throw last;
            }
        }
    }

    private DnsAnswer byTcp(DnsQuestion question, Deadline deadline) throws Unreached, InterruptedException {
        try (Line line =
                Line.open(server.address().getAddress(), server.address().getPort(), deadline)) {
            try {
                byte[] asked = question.bytes();
                line.socket()
                        .getOutputStream()
                        .write(ByteBuffer.allocate(2 + asked.length)
                                .putShort((short) asked.length)
                                .put(asked)
                                .array());
                DataInputStream in = new DataInputStream(line.socket().getInputStream());
                byte[] bytes = new byte[in.readUnsignedShort()];
                in.readFully(bytes);
                return DnsAnswer.read(bytes, bytes.length, question);
            } catch (DnsAnswer.Malformed e) {
                throw new Unreached("malformed", server + " answers what cannot be read: " + e.getMessage(), e);
            } catch (IOException e) {
                throw line.reason(e);
            }
        }
    }
}
