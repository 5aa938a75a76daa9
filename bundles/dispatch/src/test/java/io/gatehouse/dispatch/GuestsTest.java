package io.gatehouse.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.gatehouse.software.Bounds;
import io.gatehouse.software.Part;
import io.gatehouse.software.Software;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;

/** Asked in a real framework, whose one bundle plays each part in turn. */
class GuestsTest {
    private static final Bounds ACME = new Bounds("acme", List.of("com.acme.*"), List.of(), List.of(), List.of());

    @TempDir
    Path folder;

    private Framework framework;

    @BeforeEach
    void starts() throws Exception {
        framework = new FrameworkFactory().newFramework(Map.of(Constants.FRAMEWORK_STORAGE, folder.toString()));
        framework.start();
    }

    @AfterEach
    void stops() throws Exception {
        framework.stop();
        framework.waitForStop(5_000);
    }

    @Test
    void withoutALauncherThereAreNone() {
        assertFalse(isGuest());
    }

    @Test
    void whatHasBoundsIsAGuestAndSoIsWhatTheLauncherDoesNotKnow() {
        Part part = new Part("t:t:1", framework.getSymbolicName(), "1", "", 1);
        for (Map.Entry<List<Part>, Boolean> one : Map.of(
                        List.of(part), false,
                        List.of(part.within(ACME)), true,
                        List.<Part>of(), true)
                .entrySet()) {
            var registration =
                    framework.getBundleContext().registerService(Software.class, running(one.getKey()), null);
            assertEquals(one.getValue(), isGuest(), one::toString);
            registration.unregister();
        }
    }

    private boolean isGuest() {
        Bundle bundle = framework;
        return new Guests(framework.getBundleContext()).has(bundle);
    }

    private static Software running(List<Part> parts) {
        return (Software) Proxy.newProxyInstance(
                Software.class.getClassLoader(), new Class<?>[] {Software.class}, (proxy, method, args) -> {
                    if (method.getName().equals("running")) {
                        return parts;
                    }
                    throw new AssertionError(method);
                });
    }
}
