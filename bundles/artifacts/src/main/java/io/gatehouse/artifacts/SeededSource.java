package io.gatehouse.artifacts;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.ArtifactUnavailable;
import io.gatehouse.protocol.chunk.ChunkIndex;
import io.gatehouse.protocol.chunk.Chunker;

/** Takes from seeds the chunks that they have, and each run of chunks between them from another source. */
final class SeededSource implements Source {
    private final Source origin;
    private final ChunkIndex index;
    private final Seeds seeds;

    SeededSource(Source origin, ChunkIndex index, Seeds seeds) {
        this.origin = origin;
        this.index = index;
        this.seeds = seeds;
    }

    @Override
    public void fetch(Artifact artifact, Part part, long until) throws ArtifactUnavailable, InterruptedException {
        byte[] buffer = new byte[Chunker.LARGEST];
        while (part.length() < until) {
            int chunk = index.at(part.length());
            if (seeds.read(chunk, buffer)) {
                int begun = (int) (part.length() - index.begin(chunk));
                part.reuse(buffer, begun, index.length(chunk) - begun);
                if (Thread.interrupted()) {
                    throw new InterruptedException("fetch stopped after " + part.length() + " bytes");
                }
            } else {
                origin.fetch(artifact, part, index.begin(nextFound(chunk)));
            }
        }
    }

    /** The next chunk that is in a seed; the number of all where there is none. */
    private int nextFound(int chunk) {
        int next = chunk + 1;
        while (next < index.count() && !seeds.have(next)) {
            next++;
        }
        return next;
    }

    @Override
    public String way(Artifact artifact) throws ArtifactUnavailable {
        return origin.way(artifact) + " and this device";
    }
}
