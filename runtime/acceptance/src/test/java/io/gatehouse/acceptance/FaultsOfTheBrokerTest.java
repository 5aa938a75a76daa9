package io.gatehouse.acceptance;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;

/** The broker ends, stands still, or forgets; nothing that it acknowledged and nothing that it did not is lost by the gateway. */
final class FaultsOfTheBrokerTest {
    private static final Duration FROZEN = Duration.ofSeconds(Reliability.MOMENTS == 1 ? 30 : 60);

    @TempDir
    private Path directory;

    @ConcurrentTest
    void outlivesABrokerThatIsKilled() throws Exception {
        try (Site site = Site.in(directory).begin()) {
            site.suffers(Fault.BROKER_KILLED, moment -> {
                // It acknowledges what it writes a moment later: with an echo all before that is written.
                Awaitility.await("what the broker acknowledged").until(site.operator()::hears);
                site.broker().kill();
                site.broker().start();
            });
        }
    }

    @ConcurrentTest
    void outlivesABrokerThatStandsStill() throws Exception {
        try (Site site = Site.in(directory)
                .configured("io.gatehouse.transport.mqtt", Map.of("keepAlive", 10))
                .begin()) {
            site.suffers(Fault.BROKER_FROZEN, moment -> {
                int mark = site.logMark();
                long begun = System.nanoTime();
                site.broker().pause();
                site.awaitLog(mark, "connection");
                LockSupport.parkNanos(FROZEN.toNanos() - (System.nanoTime() - begun));
                site.broker().resume();
            });
        }
    }

    @ConcurrentTest
    void outlivesABrokerThatForgetsEverything() throws Exception {
        try (Site site = Site.in(directory).begin()) {
            site.suffers(Fault.SESSION_LOST, moment -> {
                // What it acknowledged and nobody has yet would be lost by it, not by the gateway.
                site.settle();
                site.proxy().refuse(true);
                site.proxy().cut();
                Awaitility.await("all that the broker has").until(site.operator()::hears);
                site.broker().kill();
                site.broker().forget();
                site.broker().start();
                Awaitility.await("the operator at the new broker").until(site.operator()::hears);
                site.proxy().refuse(false);
            });
        }
    }
}
