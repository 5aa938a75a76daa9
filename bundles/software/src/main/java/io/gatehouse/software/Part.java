package io.gatehouse.software;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One bundle of a document.
 *
 * @param id {@code group:artifact:version}
 * @param symbolicName no two parts of the software share one
 * @param version the bundle's own
 * @param sha256 of the JAR file, 64 lower-case hex digits
 * @param size of the JAR file, in bytes
 * @param bounds what it is held to; nothing where somebody vouches for it, as the image does for its own
 */
public record Part(String id, String symbolicName, String version, String sha256, long size, Optional<Bounds> bounds) {
    private static final Pattern SYMBOLIC_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,200}");

    /** One that somebody vouches for. */
    public Part(String id, String symbolicName, String version, String sha256, long size) {
        this(id, symbolicName, version, sha256, size, Optional.empty());
    }

    /** The same, held to this. */
    public Part within(Bounds itsBounds) {
        return new Part(id, symbolicName, version, sha256, size, Optional.of(itsBounds));
    }

    /** Whether a bundle may be called this. Files are named by it, so no other characters than the specification's will do. */
    public static boolean isSymbolicName(String name) {
        return SYMBOLIC_NAME.matcher(name).matches();
    }
}
