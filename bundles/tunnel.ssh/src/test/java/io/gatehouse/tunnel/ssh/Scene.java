package io.gatehouse.tunnel.ssh;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A true OpenSSH server, a site on the device, and the device's tunnels; of all that nothing is left behind a test. */
abstract class Scene {
    static final byte[] BODY = Site.bytes(2_500_000);

    @TempDir
    Path folder;

    Relayed relay;
    Site site;
    Bench bench;

    @BeforeEach
    void start() throws Exception {
        relay = Relayed.byKeys(folder);
        site = new Site();
        bench = Bench.to(site.port());
    }

    @AfterEach
    void stop() throws Exception {
        if (relay != null) {
            bench.close();
            site.close();
            relay.close();
            Bench.awaitNothingLeft();
        }
    }

    final Map<String, Object> order() throws Exception {
        relay.authorize(bench.tunnels.key());
        return Bench.order(relay, site.port());
    }

    final Map<String, Object> order(String name, Object value) throws Exception {
        Map<String, Object> order = order();
        order.put(name, value);
        return order;
    }

    final void replaceBench(Map<String, ?> settings) {
        bench.close();
        bench = Bench.with(settings);
    }

    static void assertCarries(int port) throws Exception {
        byte[] answer = Site.post(port, BODY);
        assertArrayEquals(Site.OWN, Arrays.copyOf(answer, Site.OWN.length));
        assertArrayEquals(BODY, Arrays.copyOfRange(answer, Site.OWN.length, answer.length));
    }
}
