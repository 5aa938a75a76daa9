package io.gatehouse.software;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import org.osgi.framework.Bundle;

/**
 * The software that this process runs, and the one way to change it. Registered by the launcher before the first bundle
 * starts.
 */
@ProviderType
public interface Software {
    /** What lies over the image's software: the committed document, or the target while a change goes on. */
    Document document();

    /**
     * What lay over the image's software before the last commit. The launcher falls back to it should the committed
     * document not start, so its artifacts must stay. Nothing before the second commit.
     */
    default Optional<Document> previous() {
        return Optional.empty();
    }

    /** The image's own parts, whether or not another takes their place. */
    List<Part> factory();

    /** The image's own configurations by PID, as in {@link Document#configurations}. */
    default Map<String, Map<String, Object>> factoryConfigurations() {
        return Map.of();
    }

    /** All parts that run, or are about to. */
    List<Part> running();

    /**
     * Whether a bundle is held to bounds, its own or those of what installed it. It is known by where it was installed, and not by
     * its name, which it can change.
     */
    boolean isHeld(Bundle bundle);

    /** The JAR file with this digest, in the image or among the artifacts. */
    Optional<Path> jar(String sha256);

    /** What a change to this document would do. Touches nothing. */
    Plan plan(Document target);

    /**
     * Carries out a change, on a thread of the launcher: apply, prove, commit; or everything back. Every
     * {@link ChangeWatcher} is told how it goes and ends. The artifacts of all parts must be here.
     *
     * @param deadline for all of it; one that cannot be put back in this process by then is put back by a restart of the
     *     process
     * @throws IllegalStateException if a change goes on
     */
    void change(Document target, Duration deadline);

    /** Whether a change goes on: begun, and its end not told yet. */
    boolean isChanging();

    /** How the last change ended, also before the process restarted; nothing where none was ever tried. */
    Optional<Verdict> verdict();
}
