package io.gatehouse.benchmarks;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.protocol.ArtifactRequest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.UserProperty;

/** Answers {@code D/artifact/get} with chunks, on a thread of its own. */
final class ArtifactServer implements AutoCloseable {
    /** Chunks on their way at once. */
    static final int WINDOW = 32;

    private static final String GET = "/artifact/get";

    private final MqttAsyncClient client;
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final Map<Sha256, Path> files = new ConcurrentHashMap<>();
    private final Window window = new Window(WINDOW);

    ArtifactServer(MqttAsyncClient client) {
        this.client = client;
    }

    void serve(Sha256 sha256, Path file) {
        files.put(sha256, file);
    }

    /** Answers, where this asks for something that is served. */
    void hear(Heard message) {
        if (message.topic().endsWith(GET)) {
            ArtifactRequest request = ArtifactRequest.read(message.payload());
            Path file = files.get(request.sha256());
            if (file != null) {
                thread.execute(() -> answer(message, request, file));
            }
        }
    }

    private void answer(Heard message, ArtifactRequest request, Path file) {
        String topic = message.topic().replace(GET, "/artifact/data");
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(request.offset());
            long end = Math.min(in.length(), request.offset() + request.length());
            for (long at = request.offset(); at < end; at += request.chunk()) {
                byte[] chunk = new byte[(int) Math.min(request.chunk(), end - at)];
                in.readFully(chunk);
                MqttProperties properties = new MqttProperties();
                properties.setCorrelationData(message.correlation());
                properties.setUserProperties(List.of(
                        new UserProperty(ArtifactRequest.OFFSET, Long.toString(at)),
                        new UserProperty(ArtifactRequest.SIZE, Long.toString(in.length()))));
                send(topic, chunk, properties);
            }
        } catch (IOException | MqttException e) {
            throw new IllegalStateException("cannot serve " + file, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    /** Sends bytes as a chunk is sent, once there is room for it on the way. */
    void send(String topic, byte[] payload, MqttProperties properties) throws MqttException, InterruptedException {
        MqttMessage message = new MqttMessage(payload);
        message.setQos(1);
        message.setProperties(properties);
        window.await();
        client.publish(topic, message, null, window);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
