package io.gatehouse.acceptance;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.protocol.ArtifactRequest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Files that whoever has this client serves to devices, each by its SHA-256. */
final class ServedFiles {
    private final Mqtt5AsyncClient client;
    private final Map<String, Path> files = new ConcurrentHashMap<>();
    private final Map<String, Deaths> deaths = new ConcurrentHashMap<>();

    /** None yet. */
    ServedFiles(Mqtt5AsyncClient client) {
        this.client = client;
    }

    /** One more. */
    Artifact add(Path file) {
        try {
            Sha256 sha256 = Sha256.of(file);
            put(sha256, file);
            return new Artifact(sha256, Files.size(file), Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** One more, under a digest that it may not have. */
    void put(Sha256 sha256, Path file) {
        files.put(sha256.hex(), file);
    }

    /** From now on whoever serves this dies when it has sent another tenth of it, nine times. */
    Deaths dyingAtEachTenth(Sha256 sha256) {
        Deaths mortal = new Deaths();
        deaths.put(sha256.hex(), mortal);
        return mortal;
    }

    /** Sends what is asked for, where it is here. */
    void answer(Operator.Heard request) {
        ArtifactRequest wanted = ArtifactRequest.read(request.payload());
        Path file = files.get(wanted.sha256().hex());
        if (file == null) {
            return;
        }
        String topic = request.topic().replace("/artifact/get", "/artifact/data");
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            long end = Math.min(in.length(), wanted.offset() + wanted.length());
            Deaths mortal = deaths.get(wanted.sha256().hex());
            for (long at = wanted.offset(); at < end; at += wanted.chunk()) {
                if (mortal != null && mortal.isDead(at, in.length())) {
                    return;
                }
                byte[] chunk = new byte[(int) Math.min(wanted.chunk(), end - at)];
                in.seek(at);
                in.readFully(chunk);
                client.publishWith()
                        .topic(topic)
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .payload(chunk)
                        .correlationData(request.correlation())
                        .userProperties()
                        .add(ArtifactRequest.OFFSET, Long.toString(at))
                        .add(ArtifactRequest.SIZE, Long.toString(in.length()))
                        .applyUserProperties()
                        .send();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot serve " + file, e);
        }
    }
}
