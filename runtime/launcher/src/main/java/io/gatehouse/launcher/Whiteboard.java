package io.gatehouse.launcher;

import io.gatehouse.software.ChangeWatcher;
import io.gatehouse.software.ChangeWatcher.Step;
import io.gatehouse.software.Complaint;
import io.gatehouse.software.Document;
import io.gatehouse.software.Follower;
import io.gatehouse.software.Proof;
import io.gatehouse.software.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** The services of bundles that have a say in a change, which no vendor's has. Whatever they throw stays here. */
final class Whiteboard {
    private static final System.Logger LOG = System.getLogger(Whiteboard.class.getName());
    private static final String PROOF_NAME = "gatehouse.proof";

    private final BundleContext system;
    private final Worker worker;
    private final Isolation isolation;

    Whiteboard(BundleContext system, Worker worker, Isolation isolation) {
        this.system = system;
        this.worker = worker;
        this.isolation = isolation;
    }

    void begins(Step step) throws InterruptedException {
        each(ChangeWatcher.class, "watch-hung", (reference, watcher) -> watcher.begins(step));
    }

    void ended(Verdict verdict) throws InterruptedException {
        each(ChangeWatcher.class, "watch-hung", (reference, watcher) -> watcher.ended(verdict));
    }

    /** Lets all followers follow, also where one of them fails. */
    void follow(Document document) throws ChangeFailed, InterruptedException {
        List<ChangeFailed> failures = new ArrayList<>();
        each(Follower.class, "follow-hung", (reference, follower) -> {
            try {
                follower.follow(document);
            } catch (RuntimeException | Error e) {
                // somebody else's code: what one throws must not keep the news from the others
                failures.add(new ChangeFailed("follow-failed", "the Follower of " + owner(reference), e));
            }
        });
        if (!failures.isEmpty()) {
            throw failures.get(0);
        }
    }

    /** What all proofs that are there complain of, by the proof's name. A proof that throws complains of that. */
    Map<String, Set<Complaint>> complaints(Set<String> touched) throws InterruptedException {
        Map<String, Set<Complaint>> byName = new TreeMap<>();
        each(Proof.class, "proof-hung", (reference, proof) -> {
            Set<Complaint> complaints = byName.computeIfAbsent(name(reference), name -> new LinkedHashSet<>());
            try {
                complaints.addAll(proof.complaints(touched));
            } catch (RuntimeException | LinkageError e) {
                // somebody else's code
                complaints.add(Complaint.of("the proof itself failed: " + Causes.of(e)));
            }
        });
        return byName;
    }

    private <T> void each(Class<T> type, String hungType, Call<T> call) throws InterruptedException {
        for (ServiceReference<T> reference : references(type)) {
            T service = system.getService(reference);
            if (service == null) {
                continue;
            }
            worker.doing(hungType, "asking the " + type.getSimpleName() + " of " + owner(reference));
            try {
                call.on(reference, service);
            } catch (RuntimeException | LinkageError e) {
                // somebody else's code
                LOG.log(
                        System.Logger.Level.WARNING,
                        "the " + type.getSimpleName() + " of " + owner(reference) + " failed",
                        e);
            } finally {
                system.ungetService(reference);
            }
        }
    }

    private <T> Collection<ServiceReference<T>> references(Class<T> type) {
        try {
            // hooks keep nothing from the system bundle
            return system.getServiceReferences(type, null).stream()
                    .filter(reference -> !isolation.holds(reference.getBundle()))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("no filter cannot be a wrong filter", e);
        }
    }

    private static String name(ServiceReference<?> reference) {
        Object name = reference.getProperty(PROOF_NAME);
        return name instanceof String[] names ? Arrays.toString(names) : String.valueOf(name);
    }

    private static String owner(ServiceReference<?> reference) {
        return reference.getBundle() == null
                ? "a bundle that is gone"
                : reference.getBundle().getSymbolicName();
    }

    private interface Call<T> {
        void on(ServiceReference<T> reference, T service) throws InterruptedException;
    }
}
