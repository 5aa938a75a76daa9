package io.gatehouse.tunnel.ssh;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Socket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How long tunnels last by a true OpenSSH server, and that they come back. */
class TunnelLifeTest extends Scene {
    @Test
    void endsWithItsLife() throws Exception {
        bench.opened(order("ttl", "PT2S"));

        bench.awaitState("closed");

        assertEquals("ttl", bench.log.last().get("reason"));
    }

    @Test
    void endsAfterSilenceAndNotBefore() throws Exception {
        Map<String, ?> answer = bench.opened(order("idle", "PT6S"));
        try (Socket socket = new Socket("localhost", Bench.port(answer))) {
            long begun = System.nanoTime();
            await().atMost(Bench.SOON).until(() -> {
                socket.getOutputStream().write('x');
                return System.nanoTime() - begun > 8e9;
            });
            assertEquals(List.of("opened"), bench.log.states());
        }

        bench.awaitState("closed");

        assertEquals("idle", bench.log.last().get("reason"));
    }

    @Test
    void comesBackAtTheSamePortWhenItsRelayIsThereAgain() throws Exception {
        int port = Bench.port(bench.opened(order()));
        assertCarries(port);

        relay.kill();
        bench.awaitState("lost");
        assertEquals("lost", bench.list().get(0).get("state"));
        relay.started();
        bench.awaitState("returned");

        assertEquals(port, bench.list().get(0).get("listen"));
        assertCarries(port);
        assertEquals(List.of("opened", "lost", "returned"), bench.log.states());
    }

    @Test
    void endsWithItsLifeAlsoWhileItsRelayIsGone() throws Exception {
        bench.opened(order("ttl", "PT4S"));
        relay.kill();
        bench.awaitState("lost");

        bench.awaitState("closed");

        assertEquals("ttl", bench.log.last().get("reason"));
        Bench.awaitNothingLeft();
    }

    @Test
    void givesALinkUpThatIsSilentAndComesBack() throws Exception {
        replaceBench(Map.of("targets", Bench.targets(site.port()), "keepalive", "PT1S", "patience", "PT2S"));
        int port = Bench.port(bench.opened(order()));

        relay.signal("STOP");
        bench.awaitState("lost");
        relay.signal("CONT");
        bench.awaitState("returned");

        assertTrue(String.valueOf(bench.log.events.get(1).get("reason")).contains("did not answer for PT3S"));
        assertEquals(port, bench.list().get(0).get("listen"));
        assertCarries(port);
    }

    @Test
    void keepsALinkThatIsSilentAndAnswers() throws Exception {
        replaceBench(Map.of("targets", Bench.targets(site.port()), "keepalive", "PT0.5S"));
        int port = Bench.port(bench.opened(order()));
        long begun = System.nanoTime();

        await().atMost(Bench.SOON).until(() -> System.nanoTime() - begun > 4e9);

        assertEquals(List.of("opened"), bench.log.states());
        assertCarries(port);
    }

    @Test
    void endsWhenItsRelayStaysAwayForLongerThanItMay() throws Exception {
        bench.opened(order("lost", "PT2S"));
        relay.kill();

        bench.awaitState("closed");

        assertEquals(List.of("opened", "lost", "closed"), bench.log.states());
        assertEquals("lost", bench.log.last().get("reason"));
        Bench.awaitNothingLeft();
    }

    @Test
    void isLookedAfterAgainThoughThatFailed() throws Exception {
        bench.opened(order("ttl", "PT3S"));
        bench.isClockBroken = true;
        await().atMost(Bench.SOON).until(() -> bench.failed.get() > 1);
        bench.isClockBroken = false;

        bench.awaitState("closed");

        assertEquals("ttl", bench.log.last().get("reason"));
    }
}
