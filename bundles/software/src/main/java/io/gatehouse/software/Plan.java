package io.gatehouse.software;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What would have to be done for a document to run.
 *
 * @param installed parts that are new
 * @param updated parts that take the place of one that runs
 * @param removed parts that run and are not in the document
 * @param restarted symbolic names of the other bundles that a refresh stops and starts again, in the framework's order
 * @param reconfigured PIDs whose configuration comes, changes or goes
 */
public record Plan(
        List<Part> installed,
        List<Part> updated,
        List<Part> removed,
        List<String> restarted,
        List<String> reconfigured) {
    public Plan {
        installed = List.copyOf(installed);
        updated = List.copyOf(updated);
        removed = List.copyOf(removed);
        restarted = List.copyOf(restarted);
        reconfigured = List.copyOf(reconfigured);
    }

    /** Whether every bundle is kept. */
    public boolean changesNoBundle() {
        return installed.isEmpty() && updated.isEmpty() && removed.isEmpty();
    }

    /** Symbolic names of all bundles that would not simply go on running, and the PIDs that are reconfigured. */
    public Set<String> touched() {
        return Stream.concat(stopped().stream(), reconfigured.stream()).collect(Collectors.toUnmodifiableSet());
    }

    /** Symbolic names of all bundles that would not simply go on running. */
    public Set<String> stopped() {
        return Stream.concat(
                        Stream.of(installed, updated, removed)
                                .flatMap(List::stream)
                                .map(Part::symbolicName),
                        restarted.stream())
                .collect(Collectors.toUnmodifiableSet());
    }
}
