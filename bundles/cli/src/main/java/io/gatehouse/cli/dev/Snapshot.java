package io.gatehouse.cli.dev;

import io.gatehouse.api.artifact.Sha256;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a project's files say at one time. Two of them tell what was saved between, whatever the file system told of it: so a file that
 * was renamed into place, written twice or only touched needs no case of its own.
 */
final class Snapshot {
    private final Map<Path, Sha256> files;

    private Snapshot(Map<Path, Sha256> files) {
        this.files = files;
    }

    static Snapshot of(Project project) throws IOException {
        Map<Path, Sha256> files = new HashMap<>();
        for (Path file : project.files()) {
            try {
                files.put(file, Sha256.of(file));
            } catch (IOException ignored) {
                // gone by now, or about to be written: whoever does that is heard of once more
            }
        }
        return new Snapshot(files);
    }

    /** What came, went or changed. */
    Set<Path> changedSince(Snapshot before) {
        Set<Path> changed = new TreeSet<>(files.keySet());
        changed.addAll(before.files.keySet());
        changed.removeIf(file -> {
            Sha256 now = files.get(file);
            return now != null && now.equals(before.files.get(file));
        });
        return changed;
    }
}
