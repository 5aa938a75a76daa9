package io.gatehouse.transport.mqtt;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import javax.net.ServerSocketFactory;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttConnAck;
import org.eclipse.paho.mqttv5.common.packet.MqttConnect;
import org.eclipse.paho.mqttv5.common.packet.MqttPingReq;
import org.eclipse.paho.mqttv5.common.packet.MqttPingResp;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.MqttPubAck;
import org.eclipse.paho.mqttv5.common.packet.MqttPublish;
import org.eclipse.paho.mqttv5.common.packet.MqttSubAck;
import org.eclipse.paho.mqttv5.common.packet.MqttSubscribe;
import org.eclipse.paho.mqttv5.common.packet.MqttWireMessage;

/** The other side of a connection, as willing or unwilling as a test wants it; it keeps all that it was sent. */
final class ScriptedBroker implements AutoCloseable {
    private final String scheme;
    private final ServerSocket server;
    private final List<MqttWireMessage> packets = new CopyOnWriteArrayList<>();
    private volatile MqttProperties granted = new MqttProperties();
    private volatile boolean sessionPresent;
    private volatile int connectCode;
    private volatile int subscribeCode = 1;
    private volatile int publishCode;
    private final Map<String, Integer> codes = new ConcurrentHashMap<>();
    private volatile boolean acknowledging = true;
    private volatile boolean answeringPings = true;
    private volatile boolean standingStill;
    private volatile boolean mqtt3;
    private volatile Socket latest;

    ScriptedBroker() throws IOException {
        this(ServerSocketFactory.getDefault(), "tcp");
    }

    /** Over TLS, where the sockets speak it. */
    ScriptedBroker(ServerSocketFactory sockets, String scheme) throws IOException {
        this.scheme = scheme;
        server = sockets.createServerSocket(0, 10, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    ScriptedBroker granting(MqttProperties properties) {
        granted = properties;
        return this;
    }

    ScriptedBroker keepingSessions() {
        sessionPresent = true;
        return this;
    }

    ScriptedBroker answeringConnect(int code) {
        connectCode = code;
        return this;
    }

    /** It refuses a CONNECT as brokers do that know no more than MQTT 3.1.1. */
    ScriptedBroker speakingMqtt3() {
        mqtt3 = true;
        return this;
    }

    ScriptedBroker answeringSubscribe(int code) {
        subscribeCode = code;
        return this;
    }

    /** The reason code of each acknowledgement from now on. */
    ScriptedBroker answeringPublish(int code) {
        publishCode = code;
        return this;
    }

    /** The reason code of each answer at this topic, or topic filter, from now on. */
    ScriptedBroker answeringAt(String topic, int code) {
        codes.put(topic, code);
        return this;
    }

    /** From now on it takes messages without a word. */
    ScriptedBroker withoutAcknowledging() {
        acknowledging = false;
        return this;
    }

    ScriptedBroker acknowledgingAgain() {
        acknowledging = true;
        return this;
    }

    /** It reads nothing more after SUBSCRIBE, as a line that is dead without a word. */
    ScriptedBroker standingStill() {
        standingStill = true;
        return this;
    }

    ScriptedBroker withoutAnsweringPings() {
        answeringPings = false;
        return this;
    }

    URI uri() {
        return URI.create(scheme + "://127.0.0.1:" + server.getLocalPort());
    }

    /** What it got, of one kind, over all connections. */
    <P extends MqttWireMessage> List<P> got(Class<P> kind) {
        return packets.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    List<MqttWireMessage> packets() {
        return packets;
    }

    /** The payloads of what was published, as text. */
    List<String> texts() {
        return got(MqttPublish.class).stream()
                .map(publish -> new String(publish.getPayload()))
                .toList();
    }

    void acknowledge(MqttPublish publish) throws Exception {
        send(latest, new MqttPubAck(0, publish.getMessageId(), new MqttProperties()));
    }

    /** Sends a message at QoS 1. */
    void publish(int id, String topic, MqttMessage message) throws Exception {
        MqttPublish publish = new MqttPublish(topic, message, message.getProperties());
        publish.setMessageId(id);
        send(latest, publish);
    }

    /** Sends these bytes, and zeros after them until there are so many. */
    void send(long size, int... first) throws IOException {
        OutputStream out = latest.getOutputStream();
        for (int one : first) {
            out.write(one);
        }
        byte[] zeros = new byte[65_536];
        for (long left = size - first.length; left > 0; left -= zeros.length) {
            out.write(zeros, 0, (int) Math.min(left, zeros.length));
        }
    }

    /** Ends the connection as a broken cable does. */
    void cut() throws IOException {
        latest.close();
    }

    @Override
    public void close() throws IOException {
        server.close();
        if (latest != null) {
            latest.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                latest = socket;
                start(() -> serve(socket));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket socket) {
        try {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                MqttWireMessage packet = read(in);
                packets.add(packet);
                answer(socket, packet);
                if (standingStill && packet instanceof MqttSubscribe) {
                    return;
                }
            }
        } catch (IOException | MqttException e) {
            // The client went, or was cut off.
        }
    }

    private void answer(Socket socket, MqttWireMessage packet) throws IOException, MqttException {
        if (packet instanceof MqttConnect && mqtt3) {
            socket.getOutputStream().write(new byte[] {0x20, 2, 0, 1});
            socket.close();
        } else if (packet instanceof MqttConnect) {
            send(socket, new MqttConnAck(sessionPresent, connectCode, granted));
        } else if (packet instanceof MqttSubscribe subscribe) {
            int[] answers = Stream.of(subscribe.getSubscriptions())
                    .mapToInt(subscription -> codes.getOrDefault(subscription.getTopic(), subscribeCode))
                    .toArray();
            MqttSubAck answer = new MqttSubAck(answers, new MqttProperties());
            answer.setMessageId(subscribe.getMessageId());
            send(socket, answer);
        } else if (packet instanceof MqttPublish publish && acknowledging) {
            int code = codes.getOrDefault(publish.getTopicName(), publishCode);
            send(socket, new MqttPubAck(code, publish.getMessageId(), new MqttProperties()));
        } else if (packet instanceof MqttPingReq && answeringPings) {
            send(socket, new MqttPingResp());
        }
    }

    private static synchronized void send(Socket socket, MqttWireMessage packet) throws IOException, MqttException {
        byte[] header = packet.getHeader();
        byte[] payload = packet.getPayload();
        byte[] whole = Arrays.copyOf(header, header.length + payload.length);
        System.arraycopy(payload, 0, whole, header.length, payload.length);
        socket.getOutputStream().write(whole);
    }

    private static MqttWireMessage read(DataInputStream in) throws IOException, MqttException {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(in.readUnsignedByte());
        int length = 0;
        int digit;
        int shift = 0;
        do {
            digit = in.readUnsignedByte();
            packet.write(digit);
            length |= (digit & 0x7F) << shift;
            shift += 7;
        } while ((digit & 0x80) != 0);
        packet.write(in.readNBytes(length));
        return MqttWireMessage.createWireMessage(packet.toByteArray());
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "scripted broker");
        thread.setDaemon(true);
        thread.start();
    }
}
