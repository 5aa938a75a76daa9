package io.gatehouse.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatehouse.software.Bounds;
import io.gatehouse.software.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.felix.scr.impl.helper.ConfigAdminTracker;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;

/** Who finds Configuration Admin in the name of a vendor's bundle: Declarative Services, and nobody else. */
class ConfiguratorsTest extends ChangingGateway {
    private static final String ADMIN = "org.osgi.service.cm.ConfigurationAdmin";
    private static final Bounds BOUNDS = new Bounds("acme", List.of("com.acme.*"), List.of(), List.of(), List.of());

    private BundleContext rain;
    private Bundle scr;

    private static Jar bundle(String name) {
        return Jar.bundle(name, "1.0.0")
                .header("Import-Package", "org.osgi.framework")
                .type(ConfigAdminTracker.class);
    }

    @BeforeEach
    void install() throws Exception {
        Verdict verdict = gateway.change(
                bundle("scr").artifact(home.state()),
                bundle("com.acme.rain").artifact(home.state()).within(BOUNDS));
        assertEquals(Verdict.State.APPLIED, verdict.state(), verdict::toString);
        rain = gateway.bundle("com.acme.rain").orElseThrow().getBundleContext();
        scr = gateway.bundle("scr").orElseThrow();
    }

    private ServiceRegistration<?> admin() {
        ServiceFactory<Object> any = new ServiceFactory<>() {
            @Override
            public Object getService(Bundle bundle, ServiceRegistration<Object> registration) {
                return new Object();
            }

            @Override
            public void ungetService(Bundle bundle, ServiceRegistration<Object> registration, Object service) {}
        };
        return gateway.context().registerService(ADMIN, any, null);
    }

    /** Of either bundle; what differs is who answers for that. */
    @SuppressWarnings("unchecked") // both types are Java's own, which all bundles have from one place
    private static BiFunction<BundleContext, Function<BundleContext, Object>, Object> tracker(Bundle bundle)
            throws ReflectiveOperationException {
        return (BiFunction<BundleContext, Function<BundleContext, Object>, Object>)
                bundle.loadClass(ConfigAdminTracker.class.getName())
                        .getConstructor()
                        .newInstance();
    }

    /** This class is of no bundle, as {@code ServiceTracker} is: so it is the class before it that asks. */
    private static Object ask(BundleContext name) {
        return Optional.<Object>ofNullable(name.getServiceReference(ADMIN)).orElse("none");
    }

    @Test
    void findsItToConfigureAVendorsBundle() throws Exception {
        ServiceRegistration<?> admin = admin();
        assertEquals(admin.getReference(), tracker(scr).apply(rain, ConfiguratorsTest::ask));
    }

    @Test
    void vendorsBundleDoesNotByAClassOfThatName() throws Exception {
        admin();
        assertEquals("none", tracker(rain.getBundle()).apply(rain, ConfiguratorsTest::ask));
        assertEquals("none", ask(rain));
    }

    @Test
    void vendorsBundleDoesNotWhileItIsBeingConfigured() throws Exception {
        admin();
        var component = tracker(rain.getBundle());
        assertEquals("none", tracker(scr).apply(rain, name -> component.apply(name, ConfiguratorsTest::ask)));
    }

    @Test
    void hearsWhenAnotherTakesItsPlaceAndTheVendorsBundleDoesNot() throws Exception {
        List<Integer> toConfigurator = new ArrayList<>();
        List<Integer> toBundle = new ArrayList<>();
        Object ignored = tracker(scr).apply(rain, name -> {
            name.addServiceListener(event -> toConfigurator.add(event.getType()));
            return "listens";
        });
        rain.addServiceListener(event -> toBundle.add(event.getType()));
        admin().unregister();
        gateway.context()
                .registerService(CharSequence.class, "anything else", null)
                .unregister();
        assertEquals(List.of(ServiceEvent.REGISTERED, ServiceEvent.UNREGISTERING), toConfigurator);
        assertEquals(List.of(), toBundle);
    }
}
