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
import io.gatehouse.protocol.chunk.ChunkIndex;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Keeps artifacts and fetches those it lacks: from their url first where they have one, then over MQTT. */
@Component(configurationPid = "io.gatehouse.artifacts", property = "gatehouse.receives=artifact/data")
public final class ArtifactStore implements Artifacts, Receiver {
    private static final System.Logger LOG = System.getLogger(ArtifactStore.class.getName());
    private static final Duration STALL = Duration.ofSeconds(5);

    /** Far more than any device has room for. */
    private static final long LARGEST_WINDOW = 1 << 30;

    private final Shelf shelf;
    private final MadeArtifacts made;
    private final HttpSource http;
    private final MqttSource mqtt;
    private final MqttSource hasty;
    private final Claims claims = new Claims();

    /** What is done while nobody else fetches the same. */
    @FunctionalInterface
    private interface Fetching {
        Path fetch() throws IOException, InterruptedException;
    }

    /** What can be set. */
    @interface Settings {
        /** Bytes on their way at once over MQTT, at most. */
        long window() default 2 << 20;

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
    public ArtifactStore(
            BundleContext context,
            Settings settings,
            @Reference Device device,
            @Reference Outbox outbox,
            @Reference MadeArtifacts made)
            throws IOException {
        this(
                // not by its FileStore, which is looked for among the mounts and need not be there
                new Shelf(
                        folder(context),
                        settings.reserve(),
                        settings.limit(),
                        folder -> folder.toFile().getUsableSpace()
                                + (Shelf.shareDisk(folder, folder(context)) ? made.bytes() : 0)),
                made,
                pace(settings),
                device.name(),
                outbox);
    }

    /**
     * A store of these artifacts.
     *
     * @param shelf whose room counts what was made as free: that gives way
     */
    ArtifactStore(Shelf shelf, MadeArtifacts made, Pace pace, String device, Outbox outbox) {
        this.shelf = shelf;
        this.made = made;
        this.http = new HttpSource(pace);
        this.mqtt = new MqttSource(device, outbox, pace);
        this.hasty = new MqttSource(device, outbox, pace.hasty());
    }

    @Deactivate
    void close() {
        claims.close();
    }

    @Override
    public Optional<Path> find(Sha256 sha256) {
        return shelf.find(sha256);
    }

    @Override
    public Path fetch(Artifact artifact, Progress progress) throws ArtifactUnavailable, InterruptedException {
        return fetch(artifact, () -> {
            Optional<Path> here = shelf.find(artifact.sha256());
            return here.isPresent() ? here.get() : fetchMissing(shelf, artifact, sources(artifact, mqtt), progress);
        });
    }

    @Override
    public Path fetch(Artifact artifact, Path folder, Progress progress)
            throws ArtifactUnavailable, InterruptedException {
        return fetch(artifact, () -> {
            Shelf there = shelf.at(folder);
            Optional<Path> here = there.findWhole(artifact.sha256());
            return here.isPresent() ? here.get() : fetchMissing(there, artifact, sources(artifact, mqtt), progress);
        });
    }

    @Override
    public Path fetch(Artifact artifact, Delta delta, Path folder, Progress progress)
            throws ArtifactUnavailable, InterruptedException {
        if (delta.seeds().isEmpty()
                || Files.exists(folder.resolve(artifact.sha256().hex()))) {
            return fetch(artifact, folder, progress);
        }
        Optional<ChunkIndex> index = index(artifact, delta.chunks(), folder);
        Path whole = index.isEmpty()
                ? fetch(artifact, folder, progress)
                : fetch(artifact, () -> fetchLacking(shelf.at(folder), artifact, index.get(), delta.seeds(), progress));
        if (!delta.chunks().sha256().equals(artifact.sha256())) {
            forget(folder.resolve(delta.chunks().sha256().hex()));
        }
        return whole;
    }

    /** Nothing where it cannot be had or will not do: an artifact can be fetched without it. */
    private Optional<ChunkIndex> index(Artifact artifact, Artifact chunks, Path folder) throws InterruptedException {
        if (chunks.size() > ChunkIndex.LARGEST || chunks.sha256().equals(artifact.sha256())) {
            LOG.log(System.Logger.Level.WARNING, "no index of chunks, so all is fetched: {0}", chunks);
            return Optional.empty();
        }
        try {
            Path file = fetch(chunks, () -> {
                Shelf there = shelf.at(folder);
                Optional<Path> here = there.findWhole(chunks.sha256());
                return here.isPresent()
                        ? here.get()
                        : fetchMissing(there, chunks, sources(chunks, hasty), (bytes, size) -> {});
            });
            return Optional.of(ChunkIndex.read(Files.readAllBytes(file), artifact.size()));
        } catch (IOException | IllegalArgumentException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot use the index " + chunks + ", so all is fetched", e);
            return Optional.empty();
        }
    }

    private static void forget(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot delete " + file, e);
        }
    }

    private Path fetchLacking(Shelf to, Artifact artifact, ChunkIndex index, List<Path> from, Progress progress)
            throws IOException, InterruptedException {
        try (Seeds seeds = Seeds.of(index, from)) {
            List<Source> sources = sources(artifact, mqtt).stream()
                    .<Source>map(source -> new SeededSource(source, index, seeds))
                    .toList();
            return fetchMissing(to, artifact, sources, progress);
        } catch (ArtifactUnavailable e) {
            if (!hasSomethingElse(e)) {
                throw e;
            }
            LOG.log(System.Logger.Level.WARNING, "the index is of something else, so all is fetched", e);
        }
        return fetchMissing(to, artifact, sources(artifact, mqtt), progress);
    }

    private List<Source> sources(Artifact artifact, MqttSource overMqtt) {
        return artifact.url().isPresent() ? List.of(http, overMqtt) : List.of(overMqtt);
    }

    private Path fetch(Artifact artifact, Fetching fetching) throws ArtifactUnavailable, InterruptedException {
        claims.begin(artifact.sha256());
        try {
            return fetching.fetch();
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
            claims.end(artifact.sha256());
        }
    }

    @Override
    public long lacking(Collection<Artifact> artifacts) throws IOException {
        return shelf.lacking(artifacts);
    }

    @Override
    public void retain(Set<Sha256> wanted) throws IOException {
        claims.retain(shelf, wanted);
    }

    @Override
    public Hold hold(Set<Sha256> artifacts) {
        return claims.hold(artifacts);
    }

    @Override
    public Draft draft() throws IOException {
        return made.draft();
    }

    @Override
    public void receive(Message message) {
        mqtt.receive(message);
        hasty.receive(message);
    }

    private Path fetchMissing(Shelf to, Artifact artifact, List<Source> sources, Progress progress)
            throws IOException, InterruptedException {
        long lacking = to.lacking(List.of(artifact));
        if (lacking > 0) {
            throw new ArtifactUnavailable(
                    "no-room", artifact.sha256() + " needs " + lacking + " bytes more than there are", null);
        }
        if (to.sharesDisk(shelf)) {
            made.giveWay(artifact.size());
        }
        List<ArtifactUnavailable> failures = new ArrayList<>();
        for (Source source : sources) {
            try {
                return fetchFrom(source, to, artifact, progress);
            } catch (ArtifactUnavailable e) {
                if (e.type().equals("unwritable")) {
                    throw e;
                }
                failures.add(e);
            }
        }
        throw asOne(failures);
    }

    /** What a source began another one goes on with; but only one that brought all of it can be said to have something else. */
    private Path fetchFrom(Source source, Shelf to, Artifact artifact, Progress progress)
            throws IOException, InterruptedException {
        boolean resumed = false;
        try (Part part = to.part(artifact, progress)) {
            resumed = part.length() > 0;
            source.fetch(artifact, part, artifact.size());
            return to.finish(part, artifact, source.way(artifact));
        } catch (ArtifactUnavailable e) {
            if (!resumed || !e.type().equals("wrong-digest")) {
                throw e;
            }
        }
        // What was here was damaged by a power cut, or came from another source that had something else.
        try (Part part = to.part(artifact, progress)) {
            source.fetch(artifact, part, artifact.size());
            return to.finish(part, artifact, source.way(artifact));
        }
    }

    /** That all have something else is what somebody must act on. Where one was only silent it may still bring what is wanted. */
    private static ArtifactUnavailable asOne(List<ArtifactUnavailable> failures) {
        ArtifactUnavailable last = failures.get(failures.size() - 1);
        if (failures.size() == 1) {
            return last;
        }
        boolean isSilent = failures.stream().anyMatch(failure -> failure.type().equals("unreachable"));
        String type = isSilent ? "unreachable" : failures.get(0).type();
        String message =
                failures.stream().map(ArtifactUnavailable::getMessage).collect(Collectors.joining("; and then "));
        ArtifactUnavailable all = new ArtifactUnavailable(type, message, last);
        failures.subList(0, failures.size() - 1).forEach(all::addSuppressed);
        return all;
    }

    /** Whether a source brought all of it, and it was something else. */
    private static boolean hasSomethingElse(ArtifactUnavailable why) {
        return Stream.concat(Stream.of(why, why.getCause()), Arrays.stream(why.getSuppressed()))
                .anyMatch(each ->
                        each instanceof ArtifactUnavailable one && one.type().equals("wrong-digest"));
    }

    private static Pace pace(Settings settings) {
        if (settings.chunk() < 1 || settings.chunk() > ArtifactRequest.LARGEST_CHUNK) {
            throw new IllegalArgumentException(
                    "chunk must be from 1 to " + ArtifactRequest.LARGEST_CHUNK + ": " + settings.chunk());
        }
        if (settings.window() < settings.chunk() || settings.window() > LARGEST_WINDOW) {
            throw new IllegalArgumentException("window must be from chunk (" + settings.chunk() + ") to "
                    + LARGEST_WINDOW + ": " + settings.window());
        }
        return new Pace(
                settings.window(),
                settings.chunk(),
                STALL,
                Duration.parse(settings.patience()),
                new Random(),
                time -> TimeUnit.NANOSECONDS.sleep(time.toNanos()));
    }

    static Path folder(BundleContext context) {
        String folder = context.getProperty("gatehouse.artifacts");
        if (folder == null) {
            throw new IllegalStateException("the framework property gatehouse.artifacts is missing:"
                    + " the launcher sets it to the folder where artifacts are kept");
        }
        return Path.of(folder);
    }
}
