package io.gatehouse.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.launcher.activators.Throwing;
import io.gatehouse.software.Bounds;
import io.gatehouse.software.ChangeWatcher;
import io.gatehouse.software.Complaint;
import io.gatehouse.software.Follower;
import io.gatehouse.software.Part;
import io.gatehouse.software.Proof;
import io.gatehouse.software.Software;
import io.gatehouse.software.Verdict;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.wiring.BundleWiring;

/** What a vendor's bundle gets from the framework, and what others get of it; the test does what its code would do. */
class IsolationTest extends ChangingGateway {
    private static final Bounds PLAIN = new Bounds("acme", List.of("com.acme.*"), List.of(), List.of(), List.of());
    private static final Bounds GRANTED = new Bounds(
            "acme",
            List.of("com.acme.*"),
            List.of("lib", "io.gatehouse.software"),
            List.of("java.lang.Runnable", "io.gatehouse.software.Software"),
            List.of("com.acme.api"));
    private static final Bounds OTHER = new Bounds("other", List.of("org.other"), List.of(), List.of(), List.of());

    private Jar rain() {
        return vendors("com.acme.rain");
    }

    private static Jar vendors(String name) {
        return Jar.bundle(name, "1.0.0").header("Import-Package", "org.osgi.framework");
    }

    private BundleContext installed(String name, Part... parts) throws Exception {
        Verdict verdict = gateway.change(parts);
        assertEquals(Verdict.State.APPLIED, verdict.state(), verdict::toString);
        return context(name);
    }

    private BundleContext context(String name) {
        return gateway.bundle(name).orElseThrow().getBundleContext();
    }

    private Part rain(Bounds bounds) throws Exception {
        return rain().artifact(home.state()).within(bounds);
    }

    // --- packages

    @Test
    void wiresToTheUsualAndToWhatIsGranted() throws Exception {
        Part part = rain().header(
                        "Import-Package", "org.osgi.framework,org.slf4j,jakarta.json,javax.net.ssl,java.util,lib")
                .artifact(home.state());
        Verdict verdict = gateway.change(part.within(PLAIN));
        assertEquals("unresolved", verdict.type(), verdict::toString);
        installed("com.acme.rain", part.within(GRANTED));
    }

    @Test
    void anOptionalPackageThatIsKeptFromItIsAbsent() throws Exception {
        Jar jar = rain().header("Import-Package", "org.osgi.framework,lib;resolution:=optional");
        BundleContext rain =
                installed("com.acme.rain", jar.artifact(home.state()).within(PLAIN));
        assertEquals(Set.of("org.osgi.framework"), packages(rain));
    }

    @Test
    void whatItAsksForWhileItRunsIsKeptFromItToo() throws Exception {
        Jar jar = rain().header("DynamicImport-Package", "*");
        Bundle rain = installed("com.acme.rain", jar.artifact(home.state()).within(GRANTED))
                .getBundle();
        assertNotNull(rain.loadClass("org.slf4j.Logger"));
        for (String name : List.of(
                "io.gatehouse.software.Software",
                "org.osgi.framework.hooks.service.FindHook",
                "org.osgi.framework.wiring.FrameworkWiring")) {
            assertThrows(ClassNotFoundException.class, () -> rain.loadClass(name), name);
        }
    }

    @Test
    void itsPackagesAreForItsVendorUnlessGranted() throws Exception {
        Part rain = rain().header("Export-Package", "com.acme.api,com.acme.own")
                .artifact(home.state())
                .within(GRANTED);
        String both = "org.osgi.framework,com.acme.api;resolution:=optional,com.acme.own;resolution:=optional";
        Part kin = vendors("com.acme.kin")
                .header("Import-Package", both)
                .artifact(home.state())
                .within(PLAIN);
        Part stranger = vendors("org.other")
                .header("Import-Package", both)
                .artifact(home.state())
                .within(OTHER);
        Part image = vendors("vouched").header("Import-Package", both).artifact(home.state());
        installed("com.acme.rain", rain, kin, stranger, image);
        assertEquals(Set.of("org.osgi.framework", "com.acme.api", "com.acme.own"), packages(context("com.acme.kin")));
        assertEquals(Set.of("org.osgi.framework"), packages(context("org.other")));
        assertEquals(Set.of("org.osgi.framework", "com.acme.api"), packages(context("vouched")));
    }

    @Test
    void requiresNoBundleOfOthersAndExtendsNone() throws Exception {
        for (Map.Entry<String, String> header :
                Map.of("Require-Bundle", "library", "Fragment-Host", "library").entrySet()) {
            Part part = rain().header(header.getKey(), header.getValue())
                    .artifact(home.state())
                    .within(GRANTED);
            assertEquals(Verdict.State.ROLLED_BACK, gateway.change(part).state(), header::toString);
        }
    }

    // --- services

    @Test
    void seesServicesThatAreGrantedAlone() throws Exception {
        gateway.context().registerService(Runnable.class, () -> {}, null);
        BundleContext rain = installed("com.acme.rain", rain(PLAIN));
        assertNull(rain.getServiceReference(Runnable.class));
        assertNull(rain.getServiceReference(Software.class.getName()));
        assertNull(rain.getAllServiceReferences("org.osgi.service.resolver.Resolver", null));
        assertEquals(Set.of("org.osgi.service.condition.Condition", "java.time.Clock"), interfaces(rain));
        installed("com.acme.rain", rain().word("2").artifact(home.state()).within(GRANTED));
        assertNotNull(context("com.acme.rain").getServiceReference(Runnable.class));
        assertNull(context("com.acme.rain").getServiceReference(Software.class.getName()), "whatever is granted");
    }

    @Test
    void isToldOfNoServiceThatItDoesNotSee() throws Exception {
        BundleContext rain = installed("com.acme.rain", rain(GRANTED));
        Set<String> told = ConcurrentHashMap.newKeySet();
        rain.addServiceListener(event -> told.addAll(interfaces(event.getServiceReference())));
        gateway.context().registerService(CharSequence.class, "secret", null).unregister();
        gateway.context().registerService(Runnable.class, () -> {}, null).unregister();
        assertEquals(Set.of("java.lang.Runnable"), told);
    }

    @Test
    void othersSeeWhatItMayOfferAlone() throws Exception {
        installed("com.acme.rain", rain(PLAIN), vendors("vouched").artifact(home.state()));
        BundleContext rain = context("com.acme.rain");
        BundleContext vouched = context("vouched");
        Set<String> told = ConcurrentHashMap.newKeySet();
        vouched.addServiceListener(event -> told.addAll(interfaces(event.getServiceReference())));
        rain.registerService(Runnable.class, () -> {}, null);
        assertNull(vouched.getServiceReference(Runnable.class));
        assertEquals(Set.of(), told);
        assertNotNull(rain.getServiceReference(Runnable.class), "its own");
    }

    @Test
    void registersNoLicense() throws Exception {
        installed("com.acme.rain", rain(PLAIN));
        BundleContext rain = context("com.acme.rain");
        Object condition = gateway.context()
                .getService(gateway.context().getServiceReference("org.osgi.service.condition.Condition"));
        for (String id : List.of("license.modbus", "acme.ready")) {
            rain.registerService(
                    "org.osgi.service.condition.Condition",
                    condition,
                    new Hashtable<>(Map.of("osgi.condition.id", id)));
        }
        assertEquals(
                Set.of("true", "acme.ready"),
                Arrays.stream(rain.getAllServiceReferences("org.osgi.service.condition.Condition", null))
                        .map(reference -> reference.getProperty("osgi.condition.id"))
                        .collect(Collectors.toSet()));
        assertEquals(
                Set.of("true"),
                Arrays.stream(context("user").getAllServiceReferences("org.osgi.service.condition.Condition", null))
                        .map(reference -> reference.getProperty("osgi.condition.id"))
                        .collect(Collectors.toSet()));
    }

    @Test
    void hasNoSayInChanges() throws Exception {
        Part part = rain(GRANTED);
        BundleContext rain = installed("com.acme.rain", part);
        Set<String> asked = ConcurrentHashMap.newKeySet();
        Proof proof = touched -> {
            asked.add("proof");
            return List.of(Complaint.of("never well"));
        };
        Follower follower = document -> asked.add("follower");
        rain.registerService(Proof.class, proof, new Hashtable<>(Map.of("gatehouse.proof", "rain")));
        rain.registerService(Follower.class, follower, null);
        rain.registerService(ChangeWatcher.class, new Watching(asked), null);
        installed("user", part, artifact("user", "2.0.0", "well"));
        assertEquals(Set.of(), asked);
    }

    private record Watching(Set<String> asked) implements ChangeWatcher {
        @Override
        public void begins(Step step) {
            asked.add("watcher");
        }

        @Override
        public void ended(Verdict verdict) {
            asked.add("watcher");
        }
    }

    // --- bundles

    @Test
    void seesItsVendorsBundlesAlone() throws Exception {
        installed(
                "com.acme.rain",
                rain(PLAIN),
                vendors("com.acme.kin").artifact(home.state()).within(PLAIN),
                vendors("org.other").artifact(home.state()).within(OTHER));
        BundleContext rain = context("com.acme.rain");
        assertEquals(
                Set.of("com.acme.rain", "com.acme.kin"),
                Arrays.stream(rain.getBundles()).map(Bundle::getSymbolicName).collect(Collectors.toSet()));
        for (Bundle other : gateway.context().getBundles()) {
            boolean isOwn = other.getSymbolicName().startsWith("com.acme.");
            assertEquals(isOwn, rain.getBundle(other.getBundleId()) != null, other::toString);
        }
    }

    @Test
    void isToldNothingOfOtherBundles() throws Exception {
        Part part = rain(PLAIN);
        BundleContext rain = installed("com.acme.rain", part);
        Set<String> told = ConcurrentHashMap.newKeySet();
        rain.addBundleListener(
                (SynchronousBundleListener) event -> told.add(event.getBundle().getSymbolicName()));
        Part kin = vendors("com.acme.kin").artifact(home.state()).within(PLAIN);
        installed("com.acme.kin", part, kin, artifact("other", "1.0.0", "x"));
        assertEquals(Set.of("com.acme.kin"), told);
    }

    @Test
    void installsNothing() throws Exception {
        BundleContext rain = installed("com.acme.rain", rain(GRANTED));
        Path jar = Files.createTempFile(home.state(), "stray", ".jar");
        Jar.bundle("stray", "1.0.0").write(jar);
        Bundle stray = rain.installBundle("stray", new ByteArrayInputStream(Files.readAllBytes(jar)));
        assertThrows(Exception.class, stray::start, "it cannot be resolved, or is uninstalled already");
        await().until(() -> stray.getState() == Bundle.UNINSTALLED);
        installed("other", artifact("other", "1.0.0", "others go on"));
    }

    @Test
    void isHeldToItsBoundsUnderAnyName() throws Exception {
        BundleContext rain = installed("com.acme.rain", rain(PLAIN));
        Path jar = Files.createTempFile(home.state(), "renamed", ".jar");
        Jar.bundle("library", "7.0.0").header("Import-Package", "lib").write(jar);
        Bundle bundle = rain.getBundle();
        bundle.stop();
        bundle.update(new ByteArrayInputStream(Files.readAllBytes(jar)));
        assertEquals("library 7.0.0", bundle.getSymbolicName() + " " + bundle.getVersion());
        assertThrows(BundleException.class, bundle::start);
        assertTrue(gateway.software().isHeld(bundle));
    }

    @Test
    void takesTheBoundsOffByNoNameOfAnothers() throws Exception {
        BundleContext rain = installed("com.acme.rain", rain(PLAIN));
        Path jar = Files.createTempFile(home.state(), "renamed", ".jar");
        Jar.bundle("library", "7.0.0")
                .header("Import-Package", "org.osgi.framework")
                .write(jar);
        Bundle bundle = rain.getBundle();
        bundle.update(new ByteArrayInputStream(Files.readAllBytes(jar)));
        assertEquals("library", bundle.getSymbolicName());
        assertEquals(Bundle.ACTIVE, bundle.getState(), "nothing that it needs is kept from it");
        assertTrue(gateway.software().isHeld(bundle));
        assertFalse(gateway.software().isHeld(gateway.bundle("user").orElseThrow()));
    }

    @Test
    void whatItInstallsIsHeldAsItIs() throws Exception {
        BundleContext rain = installed("com.acme.rain", rain(PLAIN));
        Path jar = Files.createTempFile(home.state(), "stray", ".jar");
        Jar.bundle("stray", "1.0.0").write(jar);
        // told on the thread that installs it, before it is uninstalled on another
        Bundle stray = rain.installBundle("stray", new ByteArrayInputStream(Files.readAllBytes(jar)));
        assertTrue(gateway.software().isHeld(stray));
    }

    @Test
    void isStoppedWhenItRegistersAHook() throws Exception {
        BundleContext rain = installed("com.acme.rain", rain(GRANTED));
        // a factory needs no class of the framework's to pass for one
        ServiceFactory<Object> forged = new ServiceFactory<>() {
            @Override
            public Object getService(Bundle bundle, ServiceRegistration<Object> registration) {
                return new Object();
            }

            @Override
            public void ungetService(Bundle bundle, ServiceRegistration<Object> registration, Object service) {}
        };
        Bundle bundle = rain.getBundle();
        rain.registerService(ResolverHookFactory.class.getName(), forged, null);
        await().until(() -> bundle.getState() == Bundle.RESOLVED);
        installed("other", artifact("other", "1.0.0", "others go on"));
    }

    // --- when

    @Test
    void boundsOutliveTheProcess() throws Exception {
        installed("com.acme.rain", rain(GRANTED));
        gateway.close();
        gateway = RunningGateway.start(home.settings());
        await().until(() -> gateway.state("com.acme.rain").equals("active 1.0.0"));
        assertEquals(
                List.of(GRANTED),
                gateway.software().running().stream()
                        .flatMap(part -> part.bounds().stream())
                        .toList());
        assertEquals(1, context("com.acme.rain").getBundles().length);
        assertNull(context("com.acme.rain").getServiceReference(Software.class.getName()));
    }

    @Test
    void oldBoundsCountAgainWhenAChangeIsPutBack() throws Exception {
        gateway.context().registerService(Runnable.class, () -> {}, null);
        installed("com.acme.rain", rain(PLAIN));
        Part wider = rain().word("wider").artifact(home.state()).within(GRANTED);
        Part broken = Jar.bundle("broken", "1.0.0").activator(Throwing.class).artifact(home.state());
        assertEquals(Verdict.State.ROLLED_BACK, gateway.change(wider, broken).state());
        assertNull(context("com.acme.rain").getServiceReference(Runnable.class));
    }

    @Test
    void costsNothingWhereNoVendorsBundleIs() throws Exception {
        assertFalse(isHooked());
        installed("com.acme.rain", rain(PLAIN));
        assertTrue(isHooked());
        installed("user", artifact("user", "2.0.0", "u"));
        assertFalse(isHooked());
        assertNotEquals(0, context("user").getBundles().length);
    }

    private boolean isHooked() throws Exception {
        return gateway.context().getServiceReference(ResolverHookFactory.class) != null;
    }

    private static Set<String> packages(BundleContext context) {
        return context.getBundle().adapt(BundleWiring.class).getRequiredWires("osgi.wiring.package").stream()
                .map(wire -> String.valueOf(wire.getCapability().getAttributes().get("osgi.wiring.package")))
                .collect(Collectors.toSet());
    }

    private static Set<String> interfaces(BundleContext context) throws Exception {
        Set<String> all = new HashSet<>();
        for (ServiceReference<?> reference : context.getAllServiceReferences(null, null)) {
            all.addAll(interfaces(reference));
        }
        return all;
    }

    private static Set<String> interfaces(ServiceReference<?> reference) {
        return Set.of((String[]) reference.getProperty("objectClass"));
    }
}
