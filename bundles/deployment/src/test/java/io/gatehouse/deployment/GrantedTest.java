package io.gatehouse.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conditions in a real framework. */
class GrantedTest {
    private static final Set<String> RAIN = Set.of("com.acme.rain");

    @TempDir
    Path folder;

    /** Who is told looks at once, on another thread: what is not known then is never looked at again. */
    @Test
    void whatIsToldIsKnownAlready() throws Exception {
        try (Framework framework = new Framework(folder.resolve("cache"), "")) {
            TestLicensing licensing = new TestLicensing(framework.context());
            licensing.begin();
            List<Set<String>> lacking = new ArrayList<>();
            AtomicReference<Granted> watched = new AtomicReference<>();
            try (Granted granted = new Granted(
                    framework.context(),
                    () -> lacking.add(watched.get().lacking(RAIN).licenses()))) {
                watched.set(granted);
                granted.watch(RAIN);
                licensing.grant("com.acme.rain");
                licensing.end("com.acme.rain");
            }
            assertEquals(List.of(Set.of(), RAIN), lacking);
        }
    }
}
