package io.gatehouse.launcher;

import io.gatehouse.software.Document;
import io.gatehouse.software.Part;
import io.gatehouse.software.Plan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;

/** What the worker does in a change. All of it may call bundles' code. */
final class Applying {
    private static final System.Logger LOG = System.getLogger(Applying.class.getName());

    /** For the last look of a proof before the deadline of all. */
    private static final Duration MARGIN = Duration.ofMillis(200);

    private final Image image;
    private final Jars jars;
    private final Bundles bundles;
    private final Planner planner;
    private final Whiteboard whiteboard;
    private final Worker worker;
    private final Duration settle;

    Applying(
            Image image,
            Jars jars,
            Bundles bundles,
            Planner planner,
            Whiteboard whiteboard,
            Worker worker,
            Duration settle) {
        this.image = image;
        this.jars = jars;
        this.bundles = bundles;
        this.planner = planner;
        this.whiteboard = whiteboard;
        this.worker = worker;
        this.settle = settle;
    }

    /** The plan, with every jar seen to be here and whole. */
    Plan plan(Document before, Document target) throws ChangeFailed {
        worker.doing("plan-hung", "planning");
        Plan plan = planner.plan(before, target);
        for (Part part : Stream.concat(plan.installed().stream(), plan.updated().stream())
                .toList()) {
            jars.verified(part);
            if (jars.host(part)
                    .filter(host -> host.equals("system.bundle") || host.equals("org.apache.felix.framework"))
                    .isPresent()) {
                throw new ChangeFailed("unsupported", Bundles.words(part) + " extends the framework itself");
            }
        }
        return plan;
    }

    Set<String> up() {
        return bundles.active();
    }

    Proving baseline(Plan plan) throws InterruptedException {
        return Proving.before(bundles, whiteboard, plan.touched());
    }

    /** Puts the target's bundles in place, lets the followers follow, and starts what does not run. */
    boolean apply(Plan plan, Document target, Set<String> upBefore) throws ChangeFailed, InterruptedException {
        return carry(plan, target, needed(plan, upBefore));
    }

    boolean prove(
            Proving proving, Plan plan, Set<String> upBefore, Duration patience, Deadline deadline, Document target)
            throws ChangeFailed, InterruptedException {
        Set<String> needed = needed(plan, upBefore);
        List<Part> parts = image.under(target).stream()
                .filter(part -> needed.contains(part.symbolicName()))
                .toList();
        proving.prove(parts, settle, patience, deadline.earlier(settle).earlier(MARGIN));
        return true;
    }

    /** Carries what is there now, whatever that is, to the document before; what was up then must be up again. */
    boolean putBack(Document target, Document before, Set<String> upBefore) throws ChangeFailed, InterruptedException {
        Plan back = planner.plan(target, before);
        carry(back, before, upBefore);
        List<String> missing = new ArrayList<>(upBefore);
        missing.removeAll(bundles.active());
        if (!missing.isEmpty()) {
            throw new ChangeFailed("not-active", "not active again: " + missing);
        }
        return true;
    }

    private boolean carry(Plan plan, Document target, Set<String> needed) throws ChangeFailed, InterruptedException {
        Set<Bundle> stale = planner.roots(plan.installed(), plan.updated(), plan.removed());
        bundles.stop(plan.stopped());
        // not before: what is stopped by this is held to its old bounds to its end
        bundles.hold(image.under(target));
        for (Part part : plan.removed()) {
            bundles.uninstall(part);
        }
        for (Part part : plan.updated()) {
            bundles.update(part);
        }
        for (Part part : plan.installed()) {
            bundles.install(part);
        }
        bundles.refresh(stale);
        whiteboard.follow(target);
        for (Part part : image.under(target)) {
            start(part, needed.contains(part.symbolicName()));
        }
        return true;
    }

    private void start(Part part, boolean isNeeded) throws ChangeFailed {
        try {
            bundles.start(part);
        } catch (ChangeFailed e) {
            if (isNeeded) {
                throw e;
            }
            LOG.log(System.Logger.Level.WARNING, "does still not start: " + e.detail());
        }
    }

    /** What comes or changes must be up, and what was up before and stays. */
    private static Set<String> needed(Plan plan, Set<String> upBefore) {
        Set<String> needed = new HashSet<>(upBefore);
        plan.removed().forEach(part -> needed.remove(part.symbolicName()));
        plan.installed().forEach(part -> needed.add(part.symbolicName()));
        plan.updated().forEach(part -> needed.add(part.symbolicName()));
        return needed;
    }
}
