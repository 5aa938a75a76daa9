package io.gatehouse.tunnel.ssh;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.api.tunnel.TunnelTarget;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Opening tunnels by a true OpenSSH server, to where they may lead, and closing them. */
class TunnelTest extends Scene {
    @Test
    void carriesBothWaysAndTellsWhoOpenedItAndHowMuchWent() throws Exception {
        Asked asked = new Asked(order());
        Map<String, ?> answer = ((Outcome.Done) bench.tunnels.open(asked)).result();

        assertCarries(Bench.port(answer));

        assertEquals(List.of("id", "relay", "listen", "target", "until"), List.copyOf(answer.keySet()));
        assertTrue(asked.notes.stream().anyMatch(note -> note.startsWith("connecting")), asked.notes.toString());
        Map<String, ?> listed = bench.list().get(0);
        assertEquals("open", listed.get("state"));
        assertEquals("kid-1", listed.get("by"));
        assertTrue((long) listed.get("received") >= BODY.length, listed.toString());
        assertTrue((long) listed.get("sent") >= BODY.length + Site.OWN.length, listed.toString());
        bench.awaitState("opened");
        Map<String, ?> event = bench.log.events.get(0);
        assertEquals("Y29tbWFuZA", event.get("command"));
        assertEquals("kid-1", event.get("by"));
        assertEquals(answer.get("id"), event.get("id"));
    }

    @Test
    void listensAtThePortThatWasAskedForAndOnTheLoopbackAlone() throws Exception {
        int port = Relayed.freePort();

        assertEquals(port, Bench.port(bench.opened(order("listen", port))));

        assertCarries(port);
    }

    @Test
    void leavesNothingWhenItIsClosed() throws Exception {
        Map<String, ?> answer = bench.opened(order());
        assertFalse(Bench.ourThreads().isEmpty());
        assertEquals(1, bench.staying.get());

        Outcome closed = bench.tunnels.close(String.valueOf(answer.get("id")));

        assertTrue(closed instanceof Outcome.Done, closed.toString());
        assertEquals(List.of("opened", "closed"), bench.log.states());
        assertEquals("command", bench.log.last().get("reason"));
        assertEquals(List.of(), bench.list());
        Bench.awaitNothingLeft();
        assertEquals(0, bench.staying.get());
        await().atMost(Bench.SOON).until(() -> !Relayed.accepts(Bench.port(answer)));
        assertEquals("refused unknown-tunnel", Bench.problem(bench.tunnels.close(String.valueOf(answer.get("id")))));
    }

    @Test
    void endsWithItsBundleAndHasThatToldBefore() throws Exception {
        bench.opened(order());

        bench.tunnels.stop();

        assertEquals(List.of("opened", "closed"), bench.log.states());
        assertEquals("stopped", bench.log.last().get("reason"));
        assertEquals("refused stopped", Bench.problem(bench.open(order())));
    }

    @Test
    void refusesARelayWithAnotherKeyAndNamesIt() throws Exception {
        Outcome outcome = bench.open(order("hostKey", relay.newKey("other")));

        assertEquals("failed wrong-host-key", Bench.problem(outcome));
        assertTrue(Bench.detail(outcome).contains(relay.fingerprint), Bench.detail(outcome));
        assertEquals(List.of(), bench.log.states());
    }

    @Test
    void trustsNoRelayAtFirstUse() throws Exception {
        Map<String, Object> order = order();
        order.remove("hostKey");

        assertEquals("refused no-host-key", Bench.problem(bench.open(order)));
    }

    @Test
    void goesToNoRelayButThoseOfTheTrustDocument() throws Exception {
        bench.relays.desired(List.of(trust("relay.example:22", relay.fingerprint)));
        assertEquals("refused unknown-relay", Bench.problem(bench.open(order())));

        bench.relays.desired(List.of(trust(relay.address(), relay.fingerprint)));
        assertEquals("refused wrong-host-key", Bench.problem(bench.open(order("hostKey", relay.newKey("other")))));
        Map<String, Object> order = order();
        order.remove("hostKey");
        assertCarries(Bench.port(bench.opened(order)));
    }

    private static Desired trust(String relay, String hostKey) {
        Map<String, ?> root = Map.of(
                "jwk",
                Map.of("kty", "OKP", "crv", "Ed25519", "x", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"),
                "kid",
                "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
                "roles",
                List.of("root"),
                "scopes",
                List.of("dwr"));
        Map<String, ?> spec = Map.of(
                "version",
                1,
                "keys",
                List.of(root),
                "relays",
                List.of(Map.of("address", relay, "hostKeys", List.of(hostKey))));
        return new Desired("dwr/desired/trust", 0, Optional.empty(), spec, "", Optional.empty());
    }

    @Test
    void leadsNowhereButWhereItMay() throws Exception {
        for (String target : List.of("127.0.0.1:1", "localhost:" + site.port(), "192.0.2.1:" + site.port())) {
            assertEquals("refused forbidden-target", Bench.problem(bench.open(order("target", target))), target);
        }
        assertEquals(List.of(), bench.log.states());
    }

    @Test
    void refusesArgumentsThatWillNotDo() {
        Map<String, Object> bad = Map.of(
                "relay", "relay",
                "hostKey", "SHA256:short",
                "user", "-oProxyCommand=x",
                "target", "127.1:22",
                "listen", 65_536,
                "ttl", "P2D",
                "idle", "PT0S",
                "lost", "PT0S");
        bad.forEach((name, value) -> {
            BadArgument refusal = assertThrows(BadArgument.class, () -> bench.open(order(name, value)), name);
            assertTrue(refusal.getMessage().startsWith(name), refusal.getMessage());
        });
    }

    @Test
    void saysThatARelayDoesNotKnowItsKey() throws Exception {
        assertEquals("failed not-authorized", Bench.problem(bench.open(Bench.order(relay, site.port()))));
        Bench.awaitNothingLeft();
    }

    @Test
    void saysThatARelayDoesNotListenForIt() throws Exception {
        Map<String, Object> order = order();
        Files.writeString(
                relay.authorizedKeys(),
                "restrict,port-forwarding,permitlisten=\"localhost:9\" " + bench.tunnels.key() + "\n");

        assertEquals("failed forward-refused", Bench.problem(bench.open(order)));
        Bench.awaitNothingLeft();
    }

    @Test
    void saysThatARelayIsNotThere() throws Exception {
        relay.kill();

        assertEquals("failed unreachable", Bench.problem(bench.open(order())));
        assertEquals("failed unreachable", Bench.problem(bench.open(order("relay", "relay.invalid:22"))));
    }

    @Test
    void isLetInByItsCertificate() throws Exception {
        relay.newKey("ca");
        Files.write(
                folder.resolve("sshd_config"),
                List.of("TrustedUserCAKeys " + folder.resolve("ca.pub")),
                StandardOpenOption.APPEND);
        relay.kill();
        relay.started();
        Map<String, Object> order = Bench.order(relay, site.port());
        order.put("certificate", certificate("device.pub", bench.tunnels.key()));

        assertCarries(Bench.port(bench.opened(order)));

        assertTrue(relay.log().contains("ED25519-CERT"), relay.log());
    }

    private String certificate(String file, String key, String... more) throws Exception {
        Path path = folder.resolve(file);
        Files.writeString(path, key + "\n");
        List<String> command = new ArrayList<>(
                List.of("ssh-keygen", "-q", "-s", folder.resolve("ca").toString()));
        command.addAll(List.of("-I", "device", "-n", "root"));
        command.addAll(List.of(more));
        command.add(path.toString());
        Relayed.run(command.toArray(String[]::new));
        return Files.readString(folder.resolve(file.replace(".pub", "-cert.pub")));
    }

    @Test
    void refusesACertificateThatIsNotForItsKeyOrNoUsers() throws Exception {
        relay.newKey("ca");
        relay.newKey("other");
        String other = certificate("other.pub", Files.readString(folder.resolve("other.pub")));
        String host = certificate("device.pub", bench.tunnels.key(), "-h");

        for (String wrong : List.of(other, host, bench.tunnels.key(), "ssh-ed25519-cert-v01@openssh.com AAAA", "")) {
            assertEquals("refused wrong-certificate", Bench.problem(bench.open(order("certificate", wrong))), wrong);
        }
    }

    @Test
    void leadsToADoorAsLongAsThatIsOpen() throws Exception {
        replaceBench(Map.of());
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), site.port());
        TunnelTarget door = () -> address;
        assertEquals("refused forbidden-target", Bench.problem(bench.open(order())));
        bench.tunnels.bindTarget(door);
        int port = Bench.port(bench.opened(order()));
        assertCarries(port);

        bench.tunnels.unbindTarget(door);

        bench.awaitState("closed");
        assertEquals("target-withdrawn", bench.log.last().get("reason"));
        await().atMost(Bench.SOON).until(() -> !Relayed.accepts(port));
        assertEquals("refused forbidden-target", Bench.problem(bench.open(order())));
    }

    @Test
    void endsWhatIsBeingOpenedWhenItIsCancelled() throws Exception {
        try (Silence silence = new Silence()) {
            Map<String, Object> order = order("relay", silence.address());
            ExecutorService crew = Executors.newSingleThreadExecutor();
            Future<Outcome> opening = crew.submit(() -> bench.open(order));
            await().atMost(Bench.SOON).until(silence::isMet);

            crew.shutdownNow();

            Exception end = assertThrows(ExecutionException.class, opening::get);
            assertTrue(end.getCause() instanceof InterruptedException, String.valueOf(end.getCause()));
            Bench.awaitNothingLeft();
        }
    }

    @Test
    void givesARelayUpThatAcceptsAndStalls() throws Exception {
        replaceBench(Map.of("targets", Bench.targets(site.port()), "patience", "PT1S"));
        try (Silence silence = new Silence()) {
            assertEquals("failed unreachable", Bench.problem(bench.open(order("relay", silence.address()))));
            Bench.awaitNothingLeft();
        }
    }

    @Test
    void givesARelayUpThatDoesNotEvenAccept() throws Exception {
        replaceBench(Map.of("targets", Bench.targets(site.port()), "patience", "PT1S"));
        List<SocketChannel> waiting = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (int i = 0; i < 4; i++) {
                SocketChannel channel = SocketChannel.open();
                channel.configureBlocking(false);
                channel.connect(full.getLocalSocketAddress());
                waiting.add(channel);
            }
            String address = "127.0.0.1:" + full.getLocalPort();

            assertEquals("failed unreachable", Bench.problem(bench.open(order("relay", address))));
        } finally {
            for (SocketChannel channel : waiting) {
                channel.close();
            }
        }
    }

    @Test
    void keepsItsKeyAndTellsNoneThatIsNotOnFlash() throws Exception {
        bench.store.isBroken = true;
        assertThrows(IOException.class, bench.tunnels::key);
        bench.store.isBroken = false;
        bench.store.values.clear();

        String line = bench.tunnels.key();

        assertTrue(line.matches("ssh-ed25519 [A-Za-z0-9+/]{68} dwr/311-a1/00-11-22-33-44-55"), line);
        assertArrayEquals(bench.store.values.get(SshIdentity.STORED), bench.store.flash.get(SshIdentity.STORED));
        assertEquals(line, bench.tunnels.key());
        Path pem = folder.resolve("device.pem");
        Files.writeString(
                pem,
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder().encodeToString(bench.store.flash.get(SshIdentity.STORED))
                        + "\n-----END PRIVATE KEY-----\n");
        assertTrue(Relayed.run("openssl", "pkey", "-in", pem.toString(), "-text", "-noout")
                .contains("ED25519"));
    }

    @Test
    void leavesNothingWhereItCannotGoOnByItself() throws Exception {
        bench.isStayBroken = true;
        assertThrows(IllegalStateException.class, () -> bench.open(order()));

        assertEquals(List.of(), bench.list());
        assertEquals(List.of(), bench.log.states());
        Bench.awaitNothingLeft();
        bench.isStayBroken = false;
        assertCarries(Bench.port(bench.opened(order())));
        assertEquals(1, bench.staying.get());
    }

    @Test
    void opensNothingWhereASettingWillNotDoAndNamesIt() throws Exception {
        replaceBench(Map.of("targets", Bench.targets(site.port()), "ttl", "PT9H"));

        Outcome outcome = bench.open(order());

        assertEquals("refused bad-configuration", Bench.problem(outcome));
        assertEquals(
                "configuration io.gatehouse.tunnel.ssh: ttl must be from PT1S to PT8H: PT9H", Bench.detail(outcome));
        assertEquals(List.of(), bench.list());
    }
}
