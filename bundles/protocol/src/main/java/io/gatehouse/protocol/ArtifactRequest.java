package io.gatehouse.protocol;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Asks for a range of an artifact, in chunks.
 *
 * @param offset first byte
 * @param length bytes in all
 * @param chunk bytes in one message, at most {@link #LARGEST_CHUNK}
 */
public record ArtifactRequest(Sha256 sha256, long offset, long length, int chunk) {
    /** More than this in one message is more than some brokers and links bear. */
    public static final int LARGEST_CHUNK = 65_536;

    /** User property of a chunk: the place of its first byte. */
    public static final String OFFSET = "offset";

    /** User property of a chunk: the size of the whole artifact. */
    public static final String SIZE = "size";

    /**
     * Reads a request.
     *
     * @throws BadArgument if a member is missing or ill-typed
     */
    public static ArtifactRequest read(byte[] payload) {
        Members members = Json.read(payload);
        String hex = members.string("sha256");
        Sha256 sha256;
        try {
            sha256 = new Sha256(hex);
        } catch (IllegalArgumentException e) {
            throw members.wrong("sha256", hex, "64 lower-case hex digits");
        }
        return new ArtifactRequest(
                sha256,
                members.integer("offset", 0, Long.MAX_VALUE),
                members.integer("length", 1, Long.MAX_VALUE),
                (int) members.integer("chunk", 1, LARGEST_CHUNK));
    }

    /** The payload. */
    public byte[] write() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("sha256", sha256.hex());
        members.put("offset", offset);
        members.put("length", length);
        members.put("chunk", chunk);
        return Json.write(members);
    }
}
