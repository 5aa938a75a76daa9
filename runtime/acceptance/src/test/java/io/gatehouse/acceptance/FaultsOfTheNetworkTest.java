package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;

/** The way to the broker is slow, loses packets, ends without a word, or cannot be found. */
final class FaultsOfTheNetworkTest {
    private static final Duration BAD = Duration.ofSeconds(25);
    private static final Duration HALF_A_ROUND = Duration.ofSeconds(1);
    private static final double A_FIFTH = 0.2;
    private static final Duration LONGER_THAN_JAVA_REMEMBERS = Duration.ofSeconds(31);
    private static final String SILENT = "127.0.0.77";
    private static final int DNS = 53;
    private static final String NAME = "broker.gatehouse.test";

    @TempDir
    private Path directory;

    @ConcurrentTest
    void noticesThatItsConnectionIsHalfOpen() throws Exception {
        try (Site site = Site.in(directory)
                .configured("io.gatehouse.transport.mqtt", Map.of("keepAlive", 10))
                .begin()) {
            site.suffers(Fault.HALF_OPEN, moment -> {
                int connections = site.proxy().connections();
                site.proxy().swallow();
                Awaitility.await("another connection")
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> site.proxy().connections() > connections);
            });
        }
    }

    @ConcurrentTest
    void worksOnALineThatIsSlowAndLosesPackets() throws Exception {
        try (Wire wire = Wire.lay();
                Site site = Site.in(directory)
                        .surrounded(wire.far())
                        .also(wire.near())
                        .begin()) {
            site.suffers(Fault.BAD_LINE, moment -> {
                wire.weather(HALF_A_ROUND, A_FIFTH);
                site.busy();
                LockSupport.parkNanos(BAD.toNanos());
                // Also while it is bad.
                site.assertObeysInTheEnd();
                // Nothing arrives at all: what was on its way then is lost.
                wire.weather(Duration.ZERO, 1);
                LockSupport.parkNanos(HALF_A_ROUND.toNanos());
                wire.weather(Duration.ZERO, 0);
            });
        }
    }

    @ConcurrentTest
    void findsTheBrokerOnceItsNameIsKnownAgain() throws Exception {
        Shell.assumeRootWith("a gateway without DNS", "/usr/bin/unshare", "/etc/hosts", "/etc/resolv.conf");
        Path hosts = Files.writeString(directory.resolve("hosts"), known());
        Path servers =
                Files.writeString(directory.resolve("resolv.conf"), "nameserver 127.0.0.53\noptions timeout:1\n");
        String mounts =
                "mount --bind " + hosts + " /etc/hosts && mount --bind " + servers + " /etc/resolv.conf && exec \"$@\"";
        try (Site site = Site.in(directory)
                .surrounded(Surroundings.of("unshare", "-m", "sh", "-c", mounts, "sh"))
                .named(NAME)
                .begin()) {
            site.suffers(Fault.NO_NAMES, moment -> {
                // At the one address nobody listens; at the other, in a sweep, somebody who never answers.
                boolean isRefused = moment % 2 == 0;
                try (DatagramSocket silent = new DatagramSocket(isRefused ? 0 : DNS, InetAddress.getByName(SILENT))) {
                    assertTrue(silent.isBound());
                    // In place: what is mounted is this very file.
                    Files.writeString(servers, "nameserver " + (isRefused ? "127.0.0.1" : SILENT) + "\n");
                    Files.writeString(hosts, "127.0.0.1 localhost\n");
                    site.busy();
                    LockSupport.parkNanos(LONGER_THAN_JAVA_REMEMBERS.toNanos());
                    int mark = site.logMark();
                    site.proxy().cut();
                    site.awaitLog(mark, "unknown host");
                    Files.writeString(hosts, known());
                }
            });
        }
    }

    private static String known() {
        return "127.0.0.1 localhost " + NAME + "\n";
    }
}
