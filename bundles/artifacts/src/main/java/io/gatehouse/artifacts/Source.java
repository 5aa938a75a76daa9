package io.gatehouse.artifacts;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.ArtifactUnavailable;

/** Where artifacts are fetched from. */
interface Source {
    /** Appends what is missing; returns when the part is whole. Whether it is what was asked for is not looked at. */
    void fetch(Artifact artifact, Part part) throws ArtifactUnavailable, InterruptedException;

    /** How it came, in words: "from …" or "over …". */
    String way(Artifact artifact) throws ArtifactUnavailable;
}
