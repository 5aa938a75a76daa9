package io.gatehouse.tunnel.ssh;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.forward.AcceptAllForwardingFilter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A relay that has the pinned key, and does what it likes. */
class HostileRelayTest {
    /** Ids under which the relay opens channels, apart from those of its honest half. */
    private static final long FIRST = 1000;

    private final List<Session> sessions = new CopyOnWriteArrayList<>();

    /** By channel: what the device answered to its opening. */
    private final Map<Long, Integer> answers = new ConcurrentHashMap<>();

    /** By channel: what the device granted. */
    private final Map<Long, Granted> granted = new ConcurrentHashMap<>();

    /**
     * A channel.
     *
     * @param number at the device
     * @param window what may still be sent
     */
    private record Granted(long number, AtomicLong window) {}

    private SshServer relay;
    private Site site;
    private Bench bench;
    private Map<String, Object> order;

    @BeforeEach
    void start() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair key = generator.generateKeyPair();
        relay = SshServer.setUpDefaultServer();
        relay.setHost("127.0.0.1");
        relay.setKeyPairProvider(KeyPairProvider.wrap(key));
        relay.setPublickeyAuthenticator((user, shown, session) -> true);
        relay.setForwardingFilter(AcceptAllForwardingFilter.INSTANCE);
        relay.setUnknownChannelReferenceHandler((service, cmd, id, buffer) -> {
            answers.putIfAbsent(id, (int) cmd);
            if (cmd == SshConstants.SSH_MSG_CHANNEL_OPEN_CONFIRMATION) {
                granted.put(id, new Granted(buffer.getUInt(), new AtomicLong(buffer.getUInt())));
            } else if (cmd == SshConstants.SSH_MSG_CHANNEL_WINDOW_ADJUST) {
                granted.get(id).window().addAndGet(buffer.getUInt());
            }
            return null;
        });
        relay.addSessionListener(new SessionListener() {
            @Override
            public void sessionEvent(Session session, Event event) {
                if (event == Event.Authenticated) {
                    sessions.add(session);
                }
            }
        });
        relay.start();
        site = new Site();
        bench = Bench.to(site.port());
        order = new LinkedHashMap<>(Map.of(
                "relay",
                "127.0.0.1:" + relay.getPort(),
                "hostKey",
                Fingerprint.of(key.getPublic()).text(),
                "user",
                "tunnel",
                "target",
                "127.0.0.1:" + site.port()));
    }

    @AfterEach
    void stop() throws Exception {
        bench.close();
        relay.stop(true);
        site.close();
    }

    private Session session() {
        return sessions.get(sessions.size() - 1);
    }

    private void open(long id, String type, Object... more) throws Exception {
        Buffer buffer = session().createBuffer(SshConstants.SSH_MSG_CHANNEL_OPEN);
        buffer.putString(type);
        buffer.putUInt(id);
        buffer.putUInt(1 << 20);
        buffer.putUInt(32 * 1024);
        for (Object each : more) {
            if (each instanceof String text) {
                buffer.putString(text);
            } else {
                buffer.putUInt(((Number) each).longValue());
            }
        }
        session().writePacket(buffer);
    }

    private static void send(Session session, Granted channel, byte[] bytes) throws Exception {
        Buffer data = session.createBuffer(SshConstants.SSH_MSG_CHANNEL_DATA, bytes.length + 64);
        data.putUInt(channel.number());
        data.putBytes(bytes);
        session.writePacket(data).await(1000);
    }

    /** Sends without regard to the window, until the other side has had enough or 128 MiB are gone. */
    private void flood(Session session, byte[] bytes) throws Exception {
        try {
            for (int i = 0; i < 4096 && session.isOpen(); i++) {
                send(session, granted.get(FIRST), bytes);
            }
        } catch (IOException e) {
            // The session may close between the question and the write; closed is what the flood is to find.
            assertFalse(session.isOpen(), "refused while open: " + e);
        }
    }

    /** Sends what may be sent, until that has been nothing for a second. */
    private void fill(Granted channel) {
        byte[] bytes = new byte[16 * 1024];
        AtomicLong stuckSince = new AtomicLong(System.nanoTime());
        await().atMost(Bench.SOON).until(() -> {
            while (channel.window().get() >= bytes.length) {
                channel.window().addAndGet(-bytes.length);
                send(session(), channel, bytes);
                stuckSince.set(System.nanoTime());
            }
            return System.nanoTime() - stuckSince.get() > 1e9;
        });
    }

    private int answer(long id) {
        await().atMost(Bench.SOON).until(() -> answers.containsKey(id));
        return answers.get(id);
    }

    @Test
    void getsNoChannelButThoseOfTheForward() throws Exception {
        int port = Bench.port(bench.opened(order));

        open(FIRST, "session");
        open(FIRST + 1, "x11", "127.0.0.1", 6000);
        open(FIRST + 2, "auth-agent@openssh.com");
        open(FIRST + 3, "direct-tcpip", "127.0.0.1", site.port(), "127.0.0.1", 1);
        open(FIRST + 4, "forwarded-tcpip", "localhost", port + 1, "127.0.0.1", 1);
        open(FIRST + 5, "forwarded-tcpip", "192.0.2.1", port, "127.0.0.1", 1);
        open(FIRST + 6, "forwarded-streamlocal@openssh.com", "/run/door", "");
        open(FIRST + 7, "forwarded-tcpip", "localhost", port, "127.0.0.1", 1);

        for (long id = FIRST; id < FIRST + 7; id++) {
            assertEquals(SshConstants.SSH_MSG_CHANNEL_OPEN_FAILURE, answer(id), "channel " + id);
        }
        assertEquals(SshConstants.SSH_MSG_CHANNEL_OPEN_CONFIRMATION, answer(FIRST + 7));
        assertEquals(1, bench.list().get(0).get("connections"));
    }

    @Test
    void getsNoMoreConnectionsThanThereMayBe() throws Exception {
        int port = Bench.port(bench.opened(order));

        for (int i = 0; i < 500; i++) {
            open(FIRST + i, "forwarded-tcpip", "localhost", port, "127.0.0.1", 1);
        }

        await().atMost(Bench.SOON).until(() -> answers.size() == 500);
        assertEquals(16, granted.size());
        assertEquals(16, bench.list().get(0).get("connections"));
    }

    @Test
    void isLeftWhenItSendsMoreThanTheWindow() throws Exception {
        try (Brook brook = new Brook(false)) {
            bench.close();
            bench = Bench.to(brook.port());
            order.put("target", "127.0.0.1:" + brook.port());
            int port = Bench.port(bench.opened(order));
            open(FIRST, "forwarded-tcpip", "localhost", port, "127.0.0.1", 1);
            assertEquals(SshConstants.SSH_MSG_CHANNEL_OPEN_CONFIRMATION, answer(FIRST));
            await().atMost(Bench.SOON).until(() -> granted.containsKey(FIRST));
            Session flooding = session();
            byte[] bytes = new byte[32 * 1024];

            flood(flooding, bytes);

            bench.awaitState("lost");
            long received = (long) bench.log.events.get(1).get("received");
            assertTrue(received < brook.most() + (4L << 20), "took " + received);
        }
    }

    @Test
    void isComeBackToWhenItClosesInTheMiddle() throws Exception {
        bench.opened(order);

        session().close(true);

        bench.awaitState("returned");
        assertTrue(Site.post(((Number) bench.list().get(0).get("listen")).intValue(), new byte[10]).length > 10);
        assertEquals(List.of("opened", "lost", "returned"), bench.log.states());
    }

    @Test
    void isAnsweredWhateverItAsksAndTheTunnelGoesOn() throws Exception {
        int port = Bench.port(bench.opened(order));

        for (int i = 0; i < 2_000; i++) {
            Buffer request = session().createBuffer(SshConstants.SSH_MSG_GLOBAL_REQUEST);
            request.putString("hostkeys-prove-00@openssh.com");
            request.putBoolean(true);
            session().writePacket(request);
        }

        assertTrue(Site.post(port, new byte[10]).length > 10);
        assertEquals(List.of("opened"), bench.log.states());
    }

    @Test
    void getsItsConnectionEndedThatItClosedThoughTheTargetTakesNothing() throws Exception {
        try (Brook brook = new Brook(false)) {
            bench.close();
            bench = Bench.with(Map.of("targets", Bench.targets(brook.port()), "patience", "PT2S", "keepalive", "PT1H"));
            order.put("target", "127.0.0.1:" + brook.port());
            int port = Bench.port(bench.opened(order));
            open(FIRST, "forwarded-tcpip", "localhost", port, "127.0.0.1", 1);
            await().atMost(Bench.SOON).until(() -> granted.containsKey(FIRST));
            assertEquals(Lead.LEAST_BYTES, granted.get(FIRST).window().get());
            fill(granted.get(FIRST));

            Buffer close = session().createBuffer(SshConstants.SSH_MSG_CHANNEL_CLOSE);
            close.putUInt(granted.get(FIRST).number());
            session().writePacket(close);

            await().atMost(Duration.ofSeconds(20)) // and not only when the pump looks by itself
                    .until(() -> bench.list().get(0).get("connections").equals(0));
            assertEquals(List.of("opened"), bench.log.states());
        }
    }
}
