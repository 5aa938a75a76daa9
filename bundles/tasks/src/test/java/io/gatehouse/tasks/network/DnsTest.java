package io.gatehouse.tasks.network;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.program.Program;
import io.gatehouse.tasks.Asked;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DnsTest {
    @TempDir
    Path folder;

    @Test
    void asksARealServerForBothKindsOfAddressAndFollowsOtherNames() throws Exception {
        try (Dnsmasq server = new Dnsmasq(
                "--host-record=www.example,192.0.2.1,2001:db8::1,300", "--cname=web.example,www.example,60")) {
            Map<String, ?> result = done(Map.of("name", "Web.example.", "server", server.address()));
            assertEquals("Web.example", result.get("name"));
            assertEquals(server.address(), result.get("server"));
            assertTrue((double) result.get("took") > 0);
            assertEquals(
                    List.of(
                            Map.of("type", "CNAME", "target", "www.example", "ttl", 60L),
                            Map.of("type", "A", "address", "192.0.2.1", "ttl", 300L),
                            Map.of("type", "AAAA", "address", "2001:db8:0:0:0:0:0:1", "ttl", 300L)),
                    result.get("answers"));
            assertEquals(
                    List.of(Map.of("type", "AAAA", "address", "2001:db8:0:0:0:0:0:1", "ttl", 300L)),
                    done(Map.of("name", "www.example", "type", "AAAA", "server", server.address()))
                            .get("answers"));
        }
    }

    @Test
    void asksByTcpWhatDoesNotFitIntoAPacket() throws Exception {
        List<String> records = new ArrayList<>();
        for (int host = 1; host <= 60; host++) {
            records.add("--host-record=many.example,192.0.2." + host);
        }
        try (Dnsmasq server = new Dnsmasq(records.toArray(new String[0]))) {
            Map<String, ?> result = done(Map.of("name", "many.example", "type", "A", "server", server.address()));
            assertEquals(60, ((List<?>) result.get("answers")).size());
        }
    }

    @Test
    void saysThatThereIsNoSuchNameAndThatAServerDoesNotAnswerIt() throws Exception {
        try (Dnsmasq server = new Dnsmasq("--address=/gone.example/")) {
            Outcome.Failed gone = failed(Map.of("name", "a.gone.example", "server", server.address()));
            assertEquals("no-such-name", gone.problem().type());
            assertEquals(
                    server.address() + " says that there is no such name: NXDOMAIN (A of a.gone.example)",
                    gone.problem().detail());
            assertEquals(
                    "refused-by-server",
                    failed(Map.of("name", "elsewhere.invalid", "server", server.address()))
                            .problem()
                            .type());
        }
    }

    @Test
    void takesNothingForAnAnswerButTheAnswer() throws Exception {
        try (Answering server = new Answering(query -> {
            byte[] wrongId = answered(query);
            wrongId[0] ^= 1;
            byte[] wrongName = answered(query);
            wrongName[13] ^= 1;
            return List.of(new byte[0], wrongId, wrongName, query, answered(query));
        })) {
            Map<String, ?> result = done(Map.of("name", "a.example", "type", "A", "server", server.address()));
            assertEquals(List.of(Map.of("type", "A", "address", "192.0.2.9", "ttl", 5L)), result.get("answers"));
        }
    }

    @Test
    void saysWhyItGaveUpAfterAskingTwice() throws Exception {
        AtomicReference<Integer> asked = new AtomicReference<>(0);
        try (Answering server = new Answering(query -> {
            asked.updateAndGet(count -> count + 1);
            byte[] loop = answered(query);
            loop[query.length] = (byte) 0xc0;
            loop[query.length + 1] = (byte) query.length;
            return List.of(loop);
        })) {
            Outcome.Failed failed =
                    failed(Map.of("name", "a.example", "type", "A", "server", server.address(), "timeout", "PT0.4S"));
            assertEquals("timed-out", failed.problem().type());
            assertTrue(
                    failed.problem()
                            .detail()
                            .endsWith("; something came, but a name is continued by itself or behind it"),
                    failed.problem().detail());
            assertEquals(2, asked.get());
        }
    }

    @Test
    void goesOnToTheNextServerOfThisMachine() throws Exception {
        try (Answering server = new Answering(query -> List.of(answered(query)));
                DatagramSocket silent = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0))) {
            Path configuration = folder.resolve("resolv.conf");
            Files.writeString(
                    configuration,
                    "# made\nsearch example\nnameserver [127.0.0.1]:1\nnameserver 127.0.0.1:" + silent.getLocalPort()
                            + "\nnameserver " + server.address() + "\noptions x\n");
            Outcome.Done done = (Outcome.Done) new Dns(configuration, new Random(1))
                    .handle(Asked.with(Map.of("name", "a.example", "type", "A", "timeout", "PT0.5S")));
            assertEquals(server.address(), done.result().get("server"));
        }
    }

    @Test
    void refusesWhereNoServerIsKnown() throws Exception {
        Outcome.Refused refused = (Outcome.Refused)
                new Dns(folder.resolve("none"), new Random(1)).handle(Asked.with(Map.of("name", "a.example")));
        assertEquals("no-server", refused.problem().type());
        assertEquals(
                folder + "/none names no name server; name one as server",
                refused.problem().detail());
    }

    @Test
    void keepsTheAnswersOfOneKindWhereTheOtherFails() throws Exception {
        try (Answering server = new Answering(query -> {
            byte[] answer = answered(query);
            boolean isForA = query[query.length - 3] == 1;
            answer[3] = (byte) (isForA ? 0x80 : 0x82);
            answer[7] = (byte) (isForA ? 1 : 0);
            return List.of(answer);
        })) {
            Map<String, ?> result = done(Map.of("name", "a.example", "server", server.address()));
            assertEquals(1, ((List<?>) result.get("answers")).size());
            assertEquals(List.of(Map.of("type", "AAAA", "problem", "server-failed")), result.get("failed"));
        }
    }

    @Test
    void endsWhenItIsCancelled() throws Exception {
        try (DatagramSocket silent = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0))) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread caller = new Thread(() -> {
                try {
                    done(Map.of(
                            "name", "a.example", "server", "127.0.0.1:" + silent.getLocalPort(), "timeout", "PT60S"));
                } catch (Exception e) {
                    thrown.set(e);
                }
            });
            caller.start();
            silent.receive(new DatagramPacket(new byte[512], 512));
            caller.interrupt();
            caller.join(5000);
            assertInstanceOf(InterruptedException.class, thrown.get());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a..b", "a b", "a/b", "a:b", "ä.example", "a\n"})
    void refusesWhatIsNoName(String name) {
        BadArgument e = assertThrows(BadArgument.class, () -> done(Map.of("name", name)));
        assertEquals("name must be a host's name: " + name, e.getMessage());
    }

    @Test
    void refusesNamesThatAreTooLong() {
        assertThrows(BadArgument.class, () -> done(Map.of("name", "a".repeat(64) + ".example")));
        assertThrows(BadArgument.class, () -> done(Map.of("name", "a.".repeat(127) + "a")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dns.example",
                "1.2.3",
                "1.2.3.4.5",
                "256.1.1.1",
                "1.2.3.4:0",
                "1.2.3.4:65536",
                "g::1",
                "::1]",
                "[::1",
                ""
            })
    void takesNoNameForAServer(String server) {
        BadArgument e = assertThrows(BadArgument.class, () -> done(Map.of("name", "a.example", "server", server)));
        assertTrue(e.getMessage().startsWith("server must be a name server's address"), e.getMessage());
    }

    @Test
    void readsEachWayToWriteAServer() {
        assertEquals(Optional.of("192.0.2.1:53"), DnsServer.read("192.0.2.1").map(DnsServer::toString));
        assertEquals(
                Optional.of("192.0.2.1:5353"), DnsServer.read("192.0.2.1:5353").map(DnsServer::toString));
        assertEquals(
                Optional.of("[2001:db8:0:0:0:0:0:1]:53"),
                DnsServer.read("2001:db8::1").map(DnsServer::toString));
        assertEquals(
                Optional.of("[2001:db8:0:0:0:0:0:1]:5353"),
                DnsServer.read("[2001:db8::1]:5353").map(DnsServer::toString));
    }

    private Map<String, ?> done(Map<String, ?> arguments) throws IOException, InterruptedException {
        Outcome outcome = new Dns().handle(Asked.with(arguments));
        return assertInstanceOf(Outcome.Done.class, outcome, outcome::toString).result();
    }

    private Outcome.Failed failed(Map<String, ?> arguments) throws IOException, InterruptedException {
        return assertInstanceOf(Outcome.Failed.class, new Dns().handle(Asked.with(arguments)));
    }

    /** The query with an answer behind it: 192.0.2.9 for 5 seconds. */
    private static byte[] answered(byte[] query) {
        byte[] record = {(byte) 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4, (byte) 192, 0, 2, 9};
        byte[] answer = new byte[query.length + record.length];
        System.arraycopy(query, 0, answer, 0, query.length);
        System.arraycopy(record, 0, answer, query.length, record.length);
        answer[2] = (byte) 0x81;
        answer[7] = 1;
        return answer;
    }

    /** A name server that answers as a test wants. */
    private static final class Answering implements AutoCloseable {
        private final DatagramSocket socket = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));

        /** What is sent for a query. */
        interface Answers {
            List<byte[]> to(byte[] query);
        }

        Answering(Answers answers) throws IOException {
            Thread thread = new Thread(() -> serve(answers), "test-dns");
            thread.setDaemon(true);
            thread.start();
        }

        String address() {
            return "127.0.0.1:" + socket.getLocalPort();
        }

        private void serve(Answers answers) {
            try {
                while (true) {
                    DatagramPacket packet = new DatagramPacket(new byte[512], 512);
                    socket.receive(packet);
                    byte[] query = Arrays.copyOf(packet.getData(), packet.getLength());
                    for (byte[] answer : answers.to(query)) {
                        socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                    }
                }
            } catch (IOException e) {
                socket.close(); // the test is over
            }
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    /** A real one. */
    private static final class Dnsmasq implements AutoCloseable {
        private final Process process;
        private final int port;

        Dnsmasq(String... records) throws IOException {
            Optional<Program> program = Program.find("dnsmasq");
            assumeTrue(program.isPresent(), "there is no dnsmasq");
            try (DatagramSocket free = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0))) {
                port = free.getLocalPort();
            }
            List<String> command = new ArrayList<>(program.get().command());
            command.addAll(List.of(
                    "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--pid-file="));
            command.addAll(List.of("--port=" + port, "--listen-address=127.0.0.1", "--bind-interfaces"));
            command.addAll(List.of(records));
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            InetSocketAddress address = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port);
            Map<String, Object> probe = new HashMap<>(Map.of("host", "127.0.0.1", "port", port));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> address.getPort() > 0 && new Tcp().handle(Asked.with(probe)) instanceof Outcome.Done);
        }

        String address() {
            return "127.0.0.1:" + port;
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
