package io.gatehouse.tests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.options;
import static org.ops4j.pax.exam.CoreOptions.streamBundle;
import static org.ops4j.pax.exam.CoreOptions.systemPackages;

import io.gatehouse.api.device.Device;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outgoing;
import java.time.Clock;
import java.util.Arrays;
import java.util.Dictionary;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.ops4j.pax.tinybundles.TinyBundles;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** The bundles that gateway.bndrun ships, all of them, in a framework: without the launcher, which is not a bundle. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class ShippedBundlesTest {
    @Inject
    private BundleContext context;

    @Inject
    private ServiceComponentRuntime components;

    @Inject
    private ConfigurationAdmin configurations;

    @Inject
    private Device device;

    @Inject
    private Outgoing outgoing;

    @Configuration
    public Option[] gateway() {
        return options(
                systemPackages(
                        "io.gatehouse.software;version=1.0.0",
                        "jakarta.json;version=2.1.3",
                        "jakarta.json.spi;version=2.1.3",
                        "jakarta.json.stream;version=2.1.3",
                        "org.slf4j;version=2.0.17",
                        "org.slf4j.event;version=2.0.17",
                        "org.slf4j.helpers;version=2.0.17",
                        "org.slf4j.spi;version=2.0.17"),
                frameworkProperty("gatehouse.device").value("dwr/311-a1/tests"),
                frameworkProperty("gatehouse.boot").value("0123456789abcdef"),
                frameworkProperty("gatehouse.state").value("target/state"),
                frameworkProperty("gatehouse.artifacts").value("target/state/artifacts"),
                frameworkProperty("gatehouse.licenses").value("target/state/licenses"),
                composite(ShippedGateway.bundles().stream()
                        .map(file -> bundle(file.toUri().toString()))
                        .toArray(Option[]::new)),
                streamBundle(TinyBundles.bundle()
                        .addClass(LaunchersClock.class)
                        .symbolicName("io.gatehouse.tests.clock")
                        .activator(LaunchersClock.class)
                        .setHeader(Constants.IMPORT_PACKAGE, "org.osgi.framework")
                        .build(TinyBundles.rawBuilder())),
                junitBundles());
    }

    /** Gives what bundles cannot do without and the launcher would give. */
    public static final class LaunchersClock implements BundleActivator {
        @Override
        public void start(BundleContext context) {
            context.registerService(Clock.class, Clock.systemUTC(), null);
        }

        @Override
        public void stop(BundleContext context) {
            // the framework takes the service away
        }
    }

    @Test
    public void allAreActive() {
        List<String> idle = Arrays.stream(context.getBundles())
                .filter(bundle -> bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null)
                .filter(bundle -> bundle.getState() != Bundle.ACTIVE)
                .map(bundle -> bundle.getSymbolicName() + " in state " + bundle.getState())
                .toList();
        assertEquals(List.of(), idle);
    }

    @Test
    public void everyComponentIsSatisfiedButThoseThatNeedTheLauncher() {
        Set<String> unsatisfied = new TreeSet<>();
        for (ComponentDescriptionDTO component : components.getComponentDescriptionDTOs()) {
            for (ComponentConfigurationDTO configuration : components.getComponentConfigurationDTOs(component)) {
                if (configuration.state == ComponentConfigurationDTO.UNSATISFIED_REFERENCE) {
                    Arrays.stream(configuration.unsatisfiedReferences)
                            .map(reference -> interfaceOf(component, reference.name))
                            .forEach(unsatisfied::add);
                }
                assertTrue(
                        component.name + " failed: " + configuration.failure,
                        configuration.state != ComponentConfigurationDTO.FAILED_ACTIVATION);
            }
        }
        assertTrue(
                "unsatisfied references: " + unsatisfied,
                Set.of(
                                "io.gatehouse.software.Software",
                                "io.gatehouse.software.RuntimeSlots",
                                "io.gatehouse.deployment.Deployment",
                                "io.gatehouse.deployment.Shelf",
                                "io.gatehouse.deployment.slot.RuntimeResource",
                                "io.gatehouse.firmware.FirmwareResource")
                        .containsAll(unsatisfied));
    }

    private static String interfaceOf(ComponentDescriptionDTO component, String reference) {
        return Arrays.stream(component.references)
                .filter(candidate -> candidate.name.equals(reference))
                .map(candidate -> candidate.interfaceName)
                .collect(Collectors.joining());
    }

    @Test
    public void theDeviceIsWhoItWasToldToBe() {
        assertEquals("dwr/311-a1/tests", device.name());
        assertEquals(List.of("dwr", "dwr/311-a1", "dwr/311-a1/tests"), device.scopes());
    }

    @Test(timeout = 60_000)
    public void whatCollectorsReadWaitsForATransportAndAConfigurationChangesThePeriod() throws Exception {
        Dictionary<String, Object> often = new Hashtable<>();
        often.put("gatehouse.period", "PT0.2S");
        configurations
                .getConfiguration("io.gatehouse.collector.system.Load", "?")
                .update(often);
        Set<String> seen = new HashSet<>();
        int loads = 0;
        while (loads < 5
                || !seen.containsAll(Set.of(
                        "dwr/311-a1/tests/hardware/cpu",
                        "dwr/311-a1/tests/hardware/memory",
                        "dwr/311-a1/tests/hardware/storage",
                        "dwr/311-a1/tests/network/traffic",
                        "dwr/311-a1/tests/firmware/version",
                        "dwr/311-a1/tests/runtime/bundles"))) {
            Outgoing.Parcel parcel = outgoing.take();
            Message message = parcel.message();
            parcel.acknowledged();
            seen.add(message.topic());
            loads += message.topic().endsWith("/hardware/loadavg") ? 1 : 0;
            assertEquals(Optional.of("0123456789abcdef"), message.properties().first("boot"));
        }
    }
}
