package io.gatehouse.artifacts;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.ArtifactUnavailable;
import io.gatehouse.api.artifact.Artifacts;
import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.device.Device;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outbox;
import io.gatehouse.api.message.Receiver;
import io.gatehouse.protocol.ArtifactRequest;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Keeps artifacts and fetches those it lacks: from their url first where they have one, then over MQTT. */
@Component(configurationPid = "io.gatehouse.artifacts", property = "gatehouse.receives=artifact/data")
public final class ArtifactStore implements Artifacts, Receiver {
    private static final Duration STALL = Duration.ofSeconds(5);

    private final Shelf shelf;
    private final HttpSource http;
    private final MqttSource mqtt;
    private final Turns turns = new Turns();

    /** What can be set. */
    @interface Settings {
        /** Bytes asked for at once over MQTT. */
        long window() default 1 << 20;

        /** Bytes in one message; at most 65536. */
        int chunk() default ArtifactRequest.LARGEST_CHUNK;

        /** After so long without a byte a fetch gives up; ISO 8601. */
        String patience() default "PT10M";

        /** Bytes of the disk that artifacts leave alone. */
        long reserve() default 4 << 20;

        /** Bytes that all artifacts may have together; 0 is as much as the disk has. */
        long limit() default 0;
    }

    @Activate
    public ArtifactStore(BundleContext context, Settings settings, @Reference Device device, @Reference Outbox outbox)
            throws IOException {
        this(
                new Shelf(folder(context), settings.reserve(), settings.limit(), folder -> Files.getFileStore(folder)
                        .getUsableSpace()),
                pace(settings),
                device.name(),
                outbox);
    }

    ArtifactStore(Shelf shelf, Pace pace, String device, Outbox outbox) {
        this.shelf = shelf;
        this.http = new HttpSource(pace);
        this.mqtt = new MqttSource(device, outbox, pace);
    }

    @Override
    public Optional<Path> find(Sha256 sha256) {
        return shelf.find(sha256);
    }

    @Override
    public Path fetch(Artifact artifact, Progress progress) throws ArtifactUnavailable, InterruptedException {
        turns.begin(artifact.sha256());
        try {
            Optional<Path> here = shelf.find(artifact.sha256());
            return here.isPresent() ? here.get() : fetchMissing(artifact, progress);
        } catch (ArtifactUnavailable e) {
            throw e;
        } catch (ClosedByInterruptException e) {
            Thread.interrupted();
            InterruptedException stopped = new InterruptedException("fetch of " + artifact.sha256() + " stopped");
            stopped.initCause(e);
            throw stopped;
        } catch (IOException e) {
            throw new ArtifactUnavailable("unwritable", "cannot keep " + artifact.sha256() + ": " + e, e);
        } finally {
            turns.end(artifact.sha256());
        }
    }

    @Override
    public long lacking(Collection<Artifact> artifacts) throws IOException {
        return shelf.lacking(artifacts);
    }

    @Override
    public void retain(Set<Sha256> wanted) throws IOException {
        Set<Sha256> kept = new HashSet<>(wanted);
        kept.addAll(turns.going());
        shelf.retain(kept);
    }

    @Override
    public void receive(Message message) {
        mqtt.receive(message);
    }

    private Path fetchMissing(Artifact artifact, Progress progress) throws IOException, InterruptedException {
        long lacking = shelf.lacking(List.of(artifact));
        if (lacking > 0) {
            throw new ArtifactUnavailable(
                    "no-room", artifact.sha256() + " needs " + lacking + " bytes more than there are", null);
        }
        boolean resumed = false;
        try (Part part = shelf.part(artifact, progress)) {
            resumed = part.length() > 0;
            complete(artifact, part);
            return shelf.finish(part, artifact);
        } catch (ArtifactUnavailable e) {
            if (!resumed || !e.type().equals("wrong-digest")) {
                throw e;
            }
        }
        // What an earlier attempt left was damaged by a power cut, or came from a server that had something else: once
        // more, all of it.
        try (Part part = shelf.part(artifact, progress)) {
            complete(artifact, part);
            return shelf.finish(part, artifact);
        }
    }

    private void complete(Artifact artifact, Part part) throws ArtifactUnavailable, InterruptedException {
        Optional<ArtifactUnavailable> before = overHttp(artifact, part);
        try {
            mqtt.fetch(artifact, part);
        } catch (ArtifactUnavailable e) {
            if (before.isEmpty()) {
                throw e;
            }
            ArtifactUnavailable both = new ArtifactUnavailable(
                    e.type(), before.get().getMessage() + "; and then over MQTT: " + e.getMessage(), e);
            both.addSuppressed(before.get());
            throw both;
        }
    }

    private Optional<ArtifactUnavailable> overHttp(Artifact artifact, Part part)
            throws ArtifactUnavailable, InterruptedException {
        if (artifact.url().isEmpty()) {
            return Optional.empty();
        }
        try {
            http.fetch(artifact, artifact.url().get(), part);
            return Optional.empty();
        } catch (ArtifactUnavailable e) {
            if (e.type().equals("unwritable")) {
                throw e;
            }
            return Optional.of(e);
        }
    }

    private static Pace pace(Settings settings) {
        if (settings.chunk() < 1 || settings.chunk() > ArtifactRequest.LARGEST_CHUNK) {
            throw new IllegalArgumentException(
                    "chunk must be from 1 to " + ArtifactRequest.LARGEST_CHUNK + ": " + settings.chunk());
        }
        if (settings.window() < settings.chunk()) {
            throw new IllegalArgumentException(
                    "window must be at least chunk (" + settings.chunk() + "): " + settings.window());
        }
        return new Pace(settings.window(), settings.chunk(), STALL, Duration.parse(settings.patience()), new Random());
    }

    private static Path folder(BundleContext context) {
        String folder = context.getProperty("gatehouse.artifacts");
        if (folder == null) {
            throw new IllegalStateException("the framework property gatehouse.artifacts is missing:"
                    + " the launcher sets it to the folder where artifacts are kept");
        }
        return Path.of(folder);
    }
}
