package io.gatehouse.api.artifact;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/** The device's artifacts, each a file whose name is its SHA-256. */
@ProviderType
public interface Artifacts {
    /** The file, where the whole of it is here and was verified. */
    Optional<Path> find(Sha256 sha256);

    /**
     * Fetches what is missing, resuming what was begun; waits until it is here, verified and synced.
     *
     * @throws ArtifactUnavailable where it cannot be had, does not hash to what was asked for, or does not fit
     * @throws InterruptedException where it is no longer wanted; what is here of it stays, to be resumed
     */
    Path fetch(Artifact artifact, Progress progress) throws ArtifactUnavailable, InterruptedException;

    /**
     * Fetches as {@link #fetch(Artifact, Progress)} does, but into a folder of the caller's, created where it is not there: as one in memory. Nobody
     * else finds or forgets what is there. Whoever asked deletes it, the file named by the digest and, where it was only begun, the one with
     * {@code .part} behind that. A file that is there already is hashed again. The room of that folder's disk counts.
     *
     * @throws ArtifactUnavailable where it cannot be had, does not hash to what was asked for, or does not fit
     * @throws InterruptedException where it is no longer wanted; what is there of it stays, to be resumed
     */
    Path fetch(Artifact artifact, Path folder, Progress progress) throws ArtifactUnavailable, InterruptedException;

    /**
     * Fetches as {@link #fetch(Artifact, Path, Progress)} does, but takes from what the device has already whatever it can. That only spares bytes: where
     * anything is wrong with the index or a seed, it is fetched from elsewhere. The index lies in that folder too until the artifact is here, and is
     * deleted by whoever asked where that never is.
     *
     * @throws ArtifactUnavailable where it cannot be had, does not hash to what was asked for, or does not fit
     * @throws InterruptedException where it is no longer wanted; what is there of it stays, to be resumed
     */
    default Path fetch(Artifact artifact, Delta delta, Path folder, Progress progress)
            throws ArtifactUnavailable, InterruptedException {
        return fetch(artifact, folder, progress);
    }

    /**
     * What fetching these would need beyond the room that there is.
     *
     * @return bytes that are missing; 0 where all of it fits
     */
    long lacking(Collection<Artifact> artifacts) throws IOException;

    /**
     * Keeps these from being forgotten until the hold is closed, also those that are not here yet. Whoever finds or fetches
     * a file, and shares the artifacts with somebody who may forget some, holds it first and closes when done with it.
     */
    Hold hold(Set<Sha256> artifacts);

    /** Forgets every artifact, whole or begun, but these, what is held, and what is being fetched. */
    void retain(Set<Sha256> wanted) throws IOException;

    /**
     * Begins an artifact that this device makes, such as a capture: a new, empty file.
     *
     * @throws IOException where there is no room for any
     */
    Draft draft() throws IOException;

    /**
     * An artifact while it is being made. Whoever began it closes it; what was not kept by then is gone, as after a power cut.
     * For one thread.
     */
    interface Draft extends AutoCloseable {
        /** The file to write to, by whatever program. */
        Path file();

        /**
         * How large the file may become; more is not kept.
         *
         * @return bytes
         */
        long limit();

        /**
         * Keeps what was written as an artifact, on flash when this returns. The fleet reads it by the command {@code artifact.read}.
         * It is forgotten after this time, or earlier where others that the device makes need its room.
         *
         * @throws IOException where it is larger than permitted, or cannot be kept
         */
        Artifact keep(Duration life) throws IOException;

        /** Lets go of the file; a second time does nothing. */
        @Override
        void close();
    }

    /** Keeps artifacts here. Several may hold the same. */
    interface Hold extends AutoCloseable {
        /** Lets go; a second time does nothing. */
        @Override
        void close();
    }

    /** Is told how far a fetch is. */
    @FunctionalInterface
    interface Progress {
        void fetched(long bytes, long size);

        /** So many bytes of it, in all since this fetch began or went on, were taken from what the device had. */
        default void reused(long bytes) {}
    }

    /**
     * What part of an artifact the device may have already.
     *
     * @param chunks the index of the artifact's chunks, itself an artifact
     * @param seeds files or block devices; they are only read, and may change meanwhile
     */
    record Delta(Artifact chunks, List<Path> seeds) {
        public Delta {
            seeds = List.copyOf(seeds);
        }
    }
}
