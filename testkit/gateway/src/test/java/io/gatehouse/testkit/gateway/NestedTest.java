package io.gatehouse.testkit.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.gatehouse.api.command.Outcome;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@GatewayTest
final class NestedTest {
    private static final String FEATURE = "com.acme.rain";

    @TempDir
    static Path folder;

    @BeforeAll
    static void grant(Gateway gateway) throws Exception {
        gateway.grant(FEATURE, Map.of("targets", 5));
    }

    @Test
    void classAroundBeginsWithItsOwn(Gateway gateway) throws Exception {
        assertInstanceOf(Outcome.Refused.class, wake(gateway));
        gateway.install(Plugins.licensed(folder));
        assertEquals(Outcome.done(Map.of("targets", 5L)), gateway.command("targets", Map.of()));
    }

    private static Outcome wake(Gateway gateway) throws InterruptedException {
        return gateway.command("wake", Map.of("host", "a"));
    }

    @Nested
    final class WhereRainIsInstalled {
        @BeforeAll
        static void install(Gateway gateway) throws Exception {
            assertInstanceOf(Outcome.Refused.class, gateway.command("targets", Map.of()), "of a test around this");
            gateway.install(Plugins.rain(folder, 1));
        }

        @RepeatedTest(2)
        void eachTestBeginsWithBoth(Gateway gateway) throws Exception {
            assertInstanceOf(Outcome.Done.class, wake(gateway));
            assertInstanceOf(Outcome.Refused.class, gateway.command("targets", Map.of()));
            gateway.install(Plugins.licensed(folder));
            assertEquals(Outcome.done(Map.of("targets", 5L)), gateway.command("targets", Map.of()));
        }

        @Nested
        final class AndLicensedToo {
            @BeforeAll
            static void install(Gateway gateway) throws Exception {
                gateway.install(Plugins.licensed(folder));
            }

            @Test
            void beginsWithAll(Gateway gateway) throws Exception {
                assertInstanceOf(Outcome.Done.class, wake(gateway));
                assertEquals(Outcome.done(Map.of("targets", 5L)), gateway.command("targets", Map.of()));
            }
        }
    }

    @Nested
    final class WhereNothingIsInstalled {
        @Test
        void nothingIsLeftOfItsNeighbour(Gateway gateway) throws Exception {
            assertInstanceOf(Outcome.Refused.class, wake(gateway));
            assertInstanceOf(Outcome.Refused.class, gateway.command("targets", Map.of()));
        }
    }
}
