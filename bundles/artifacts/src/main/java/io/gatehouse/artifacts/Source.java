package io.gatehouse.artifacts;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.ArtifactUnavailable;

/** Where artifacts are fetched from. */
interface Source {
    /**
     * Appends what is missing up to here, or more where it is not had otherwise. Whether it is what was asked for is not looked at.
     *
     * @param until the place after the last byte that is needed; the artifact's size is all of it
     */
    void fetch(Artifact artifact, Part part, long until) throws ArtifactUnavailable, InterruptedException;

    /** How it came, in words: "from …" or "over …". */
    String way(Artifact artifact) throws ArtifactUnavailable;
}
