package io.gatehouse.launcher;

import io.gatehouse.software.Part;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;

/** The bundles that the launcher has installed, by symbolic name, and what can be done to them. */
final class Bundles {
    private static final System.Logger LOG = System.getLogger(Bundles.class.getName());
    private static final int START = Bundle.START_TRANSIENT | Bundle.START_ACTIVATION_POLICY;

    private final BundleContext system;
    private final Links links;
    private final Jars jars;
    private final Worker worker;
    private final Isolation isolation;
    private final Map<String, Installed> installed = new ConcurrentHashMap<>();
    private final Set<String> givenUp = ConcurrentHashMap.newKeySet();

    Bundles(BundleContext system, Links links, Jars jars, Worker worker) {
        this.system = system;
        this.links = links;
        this.jars = jars;
        this.worker = worker;
        this.isolation = new Isolation(system, links::location);
    }

    /**
     * A bundle and what it was made from.
     *
     * @param certain false while the bundle may have become another part
     */
    record Installed(Bundle bundle, Part part, boolean certain) {
        boolean is(Part other) {
            return certain && part.sha256().equals(other.sha256());
        }
    }

    /** From now on these are held to their bounds, and nothing else is. */
    void hold(Collection<Part> parts) {
        isolation.hold(parts);
    }

    Isolation isolation() {
        return isolation;
    }

    Map<String, Installed> installed() {
        return installed;
    }

    /** A part of the image cannot be installed: changes of other parts go on without it. */
    void giveUp(Part part) {
        givenUp.add(part.sha256());
    }

    boolean isGivenUp(Part part) {
        return givenUp.contains(part.sha256());
    }

    Optional<Bundle> bundle(String symbolicName) {
        return Optional.ofNullable(installed.get(symbolicName)).map(Installed::bundle);
    }

    /** Symbolic names of the bundles that run, or start as soon as somebody needs them. */
    Set<String> active() {
        Set<String> active = new TreeSet<>();
        installed.forEach((name, one) -> {
            if (isUp(one.bundle())) {
                active.add(name);
            }
        });
        return active;
    }

    /** Whether a bundle does what a bundle of its kind can do. */
    static boolean isUp(Bundle bundle) {
        int state = bundle.getState();
        return isFragment(bundle)
                ? state == Bundle.RESOLVED
                : state == Bundle.ACTIVE || (state == Bundle.STARTING && isLazy(bundle));
    }

    static boolean isFragment(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision != null && (revision.getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
    }

    void install(Part part) throws ChangeFailed {
        String name = part.symbolicName();
        worker.doing("install-hung", "installing " + words(part));
        try {
            links.lead(name, jars.of(part));
            Bundle bundle = system.installBundle(links.location(name));
            installed.put(name, new Installed(bundle, part, true));
            check(part, bundle);
        } catch (BundleException | IOException | RuntimeException e) {
            // RuntimeException: a manifest is somebody else's, and so is a hook
            throw new ChangeFailed("install-failed", words(part) + " cannot be installed", e);
        }
    }

    void update(Part part) throws ChangeFailed {
        String name = part.symbolicName();
        Installed before = needed(name);
        worker.doing("install-hung", "updating to " + words(part));
        installed.put(name, new Installed(before.bundle(), before.part(), false));
        try {
            Path jar = jars.of(part);
            links.lead(name, jar);
            if (before.bundle().getHeaders("").get(Constants.BUNDLE_UPDATELOCATION) == null) {
                before.bundle().update();
            } else {
                // the framework would fetch it from there
                try (InputStream in = Files.newInputStream(jar)) {
                    before.bundle().update(in);
                }
            }
            installed.put(name, new Installed(before.bundle(), part, true));
            check(part, before.bundle());
        } catch (BundleException | IOException | RuntimeException e) {
            // RuntimeException: a manifest is somebody else's, and so is a hook
            throw new ChangeFailed("install-failed", words(part) + " cannot take the place of the one before", e);
        }
    }

    void uninstall(Part part) throws ChangeFailed {
        String name = part.symbolicName();
        Installed before = needed(name);
        worker.doing("stop-hung", "uninstalling " + words(part));
        try {
            before.bundle().uninstall();
            installed.remove(name);
            links.remove(name);
        } catch (BundleException | IOException | RuntimeException e) {
            // RuntimeException: a listener of somebody else's
            throw new ChangeFailed("uninstall-failed", words(part) + " cannot be uninstalled", e);
        }
    }

    /** Stops these, the last that came first. What a bundle throws while it stops does not keep it running. */
    void stop(Collection<String> symbolicNames) {
        List<Bundle> last = symbolicNames.stream()
                .flatMap(name -> bundle(name).stream())
                .filter(bundle -> !isFragment(bundle))
                .sorted(Comparator.comparing(Bundle::getBundleId).reversed())
                .toList();
        for (Bundle bundle : last) {
            worker.doing("stop-hung", "stopping " + bundle.getSymbolicName() + " " + bundle.getVersion());
            try {
                bundle.stop(Bundle.STOP_TRANSIENT);
            } catch (BundleException | RuntimeException e) {
                // RuntimeException: somebody else's code
                LOG.log(System.Logger.Level.WARNING, bundle.getSymbolicName() + " did not stop well", e);
            }
        }
    }

    /** Wires these and all that depend on them anew; they must have been stopped. */
    void refresh(Collection<Bundle> bundles) throws InterruptedException {
        if (bundles.isEmpty()) {
            return;
        }
        worker.doing("stop-hung", "refreshing " + bundles.size() + " bundles");
        CountDownLatch refreshed = new CountDownLatch(1);
        system.getBundle().adapt(FrameworkWiring.class).refreshBundles(bundles, event -> refreshed.countDown());
        refreshed.await();
    }

    /** Starts this one, if it is no fragment and does not run. */
    void start(Part part) throws ChangeFailed {
        Bundle bundle = needed(part.symbolicName()).bundle();
        if (isFragment(bundle) || isUp(bundle)) {
            return;
        }
        worker.doing("start-hung", "starting " + words(part));
        try {
            bundle.start(START);
        } catch (BundleException e) {
            String type = e.getType() == BundleException.RESOLVE_ERROR ? "unresolved" : "start-failed";
            throw new ChangeFailed(type, words(part), e);
        } catch (RuntimeException e) {
            // a listener of somebody else's
            throw new ChangeFailed("start-failed", words(part), e);
        }
    }

    /** These bundles and all that is wired to them, directly or not, the system bundle left out. */
    Set<Bundle> dependencyClosure(Collection<Bundle> bundles) {
        Set<Bundle> closure = new LinkedHashSet<>(
                system.getBundle().adapt(FrameworkWiring.class).getDependencyClosure(bundles));
        closure.remove(system.getBundle());
        return closure;
    }

    static String words(Part part) {
        return part.symbolicName() + " " + part.version();
    }

    private Installed needed(String symbolicName) throws ChangeFailed {
        Installed one = installed.get(symbolicName);
        if (one == null) {
            throw new ChangeFailed("install-failed", symbolicName + " is not installed");
        }
        return one;
    }

    private static void check(Part part, Bundle bundle) throws ChangeFailed {
        if (!part.symbolicName().equals(bundle.getSymbolicName())) {
            throw new ChangeFailed(
                    "wrong-bundle", "the artifact of " + words(part) + " is the bundle " + bundle.getSymbolicName());
        }
    }

    private static boolean isLazy(Bundle bundle) {
        String policy = bundle.getHeaders("").get(Constants.BUNDLE_ACTIVATIONPOLICY);
        return policy != null && policy.startsWith(Constants.ACTIVATION_LAZY);
    }
}
