package io.gatehouse.tests;

import aQute.bnd.differ.Baseline.Info;
import aQute.bnd.differ.DiffPluginImpl;
import aQute.bnd.osgi.Instructions;
import aQute.bnd.osgi.Jar;
import aQute.bnd.service.diff.Delta;
import aQute.bnd.service.diff.Diff;
import aQute.libg.reporter.ReporterAdapter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** What an api was, against which a later one is held by the rules of semantic versioning. */
final class Baseline {
    private static final int NAMED = 5;

    private final Jar released;

    Baseline(Jar released) {
        this.released = released;
    }

    /** In words, each package whose version says less than what changed in it; none where all is well. */
    List<String> broken(Jar current) {
        List<String> broken = new ArrayList<>();
        compare(current).stream()
                .sorted(Comparator.comparing(info -> info.packageName))
                .forEach(info -> {
                    if (info.packageDiff.getDelta() == Delta.REMOVED) {
                        broken.add(info.packageName + " " + info.olderVersion + " is gone; whoever uses it is broken");
                    } else if (info.mismatch) {
                        broken.add(info.packageName + " is " + info.newerVersion + " and was " + info.olderVersion
                                + "; it needs " + info.suggestedVersion + ", for " + changes(info.packageDiff));
                    }
                });
        return broken;
    }

    private Set<Info> compare(Jar current) {
        try {
            return new aQute.bnd.differ.Baseline(new ReporterAdapter(), new DiffPluginImpl())
                    .baseline(current, released, new Instructions());
        } catch (Exception e) { // bnd throws nothing narrower
            throw new IllegalStateException("cannot compare " + current + " with " + released, e);
        }
    }

    private static String changes(Diff diff) {
        List<String> changes = new ArrayList<>();
        collect(diff, "", changes);
        int more = changes.size() - NAMED;
        return more <= 0
                ? String.join(", ", changes)
                : String.join(", ", changes.subList(0, NAMED)) + " and " + more + " more";
    }

    private static void collect(Diff diff, String within, List<String> changes) {
        for (Diff child : diff.getChildren()) {
            switch (child.getDelta()) {
                case UNCHANGED, IGNORED -> {}
                case ADDED, REMOVED ->
                    changes.add(child.getDelta() + " " + child.getType() + " " + within + child.getName());
                default -> collect(child, child.getName() + " ", changes);
            }
        }
    }
}
