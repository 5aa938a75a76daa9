package io.gatehouse.tasks.network;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.program.Program;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EchoTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @TempDir
    Path folder;

    @Test
    void readsWhatIputilsSays() throws Exception {
        List<Integer> told = new ArrayList<>();
        Echo.Result result =
                new ProgramEcho(program("""
                cat <<END
                PING 10.0.0.1 (10.0.0.1) 56(84) bytes of data.
                64 bytes from 10.0.0.1: icmp_seq=1 ttl=64 time=0.045 ms
                64 bytes from 10.0.0.1: icmp_seq=3 ttl=64 time=12.5 ms

                --- 10.0.0.1 ping statistics ---
                3 packets transmitted, 2 received, 33.3333% packet loss, time 2043ms
                rtt min/avg/max/mdev = 0.045/6.272/12.500/0.000 ms
                END
                exit 1
                """)).measure(loopback(), 3, SECOND, (received, seconds) -> told.add(received));
        assertEquals(new Echo.Result(3, List.of(0.000045, 0.0125)), result);
        assertEquals(List.of(1, 2), told);
    }

    @Test
    void readsWhatBusyboxSaysAndPassesItNothingButWhatItKnows() throws Exception {
        Echo.Result result = new ProgramEcho(program("""
                echo "$@" > "$0.arguments"
                cat <<END
                PING 127.0.0.1 (127.0.0.1): 56 data bytes
                64 bytes from 127.0.0.1: seq=0 ttl=64 time=0.123 ms

                --- 127.0.0.1 ping statistics ---
                2 packets transmitted, 1 packets received, 50% packet loss
                round-trip min/avg/max = 0.123/0.123/0.123 ms
                END
                """))
                .measure(loopback(), 2, Duration.ofMillis(1500), (received, seconds) -> {});
        assertEquals(new Echo.Result(2, List.of(0.000123)), result);
        assertEquals("-c 2 -W 2 127.0.0.1\n", Files.readString(folder.resolve("ping.arguments")));
    }

    @Test
    void saysThatNobodyReplied() throws Exception {
        Program silent = program("echo '3 packets transmitted, 0 received, 100% packet loss'; exit 1");
        assertEquals(
                new Echo.Result(3, List.of()),
                new ProgramEcho(silent).measure(loopback(), 3, SECOND, (received, seconds) -> {}));
    }

    @Test
    void saysWhyNothingWasSent() throws Exception {
        Program failing = program("echo 'ping: permission denied (are you root?)' >&2; exit 1");
        IOException e = assertThrows(IOException.class, () -> new ProgramEcho(failing)
                .measure(loopback(), 3, SECOND, (received, seconds) -> {}));
        assertTrue(e.getMessage().endsWith("sent nothing: ping: permission denied (are you root?)"), e.getMessage());
    }

    @Test
    void killsTheProgramWhenItIsCancelled() throws Exception {
        Program slow = program("echo $$ > \"$0.tmp\"; mv \"$0.tmp\" \"$0.pid\"; exec sleep 600");
        AtomicBoolean wasInterrupted = new AtomicBoolean();
        Thread caller = new Thread(() -> {
            try {
                new ProgramEcho(slow).measure(loopback(), 3, SECOND, (received, seconds) -> {});
            } catch (InterruptedException e) {
                wasInterrupted.set(true);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        caller.start();
        Path pid = folder.resolve("ping.pid");
        await().until(() -> Files.exists(pid));
        long child = Long.parseLong(Files.readString(pid).strip());
        assertTrue(ProcessHandle.of(child).isPresent());
        caller.interrupt();
        await().until(() ->
                ProcessHandle.of(child).filter(ProcessHandle::isAlive).isEmpty());
        caller.join();
        assertTrue(wasInterrupted.get());
    }

    @ParameterizedTest
    @CsvSource({"time=abc ms", "time=1.5", "rtt min/avg/max/mdev = 1/2/3/4 ms", "packets transmitted"})
    void findsNoReplyWhereThereIsNone(String line) {
        assertTrue(ProgramEcho.reply(line).isEmpty());
        assertEquals(0, ProgramEcho.transmitted(line));
    }

    @Test
    void reachesThisMachineByJavaAlone() throws Exception {
        List<Integer> told = new ArrayList<>();
        Echo.Result result =
                new JavaEcho(System::nanoTime).measure(loopback(), 2, SECOND, (received, s) -> told.add(received));
        assertEquals(2, result.sent());
        assertEquals(List.of(1, 2), told);
        assertTrue(result.seconds().get(0) < 1, result.toString());
    }

    @Test
    void stopsBetweenTwoRequestsWhenItIsCancelled() throws Exception {
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> new JavaEcho(System::nanoTime)
                .measure(loopback(), 5, SECOND, (received, seconds) -> {}));
    }

    @Test
    void reachesThisMachineByTheBestThereIs() throws Exception {
        Echo.Result result = Echo.ofThisMachine().measure(loopback(), 1, SECOND, (received, seconds) -> {});
        assertEquals(1, result.seconds().size());
    }

    @Test
    void reachesThisMachineByTheRealPingOfBusybox() throws Exception {
        Optional<Program> busybox = Program.find("busybox");
        assumeTrue(busybox.isPresent(), "there is no busybox");
        Echo.Result result =
                new ProgramEcho(busybox.get().with("ping")).measure(loopback(), 2, SECOND, (received, seconds) -> {});
        assertEquals(2, result.seconds().size());
    }

    private static InetAddress loopback() throws IOException {
        return InetAddress.getByName("127.0.0.1");
    }

    private Program program(String script) throws IOException {
        Path file = folder.resolve("ping");
        Files.writeString(file, "#!/bin/sh\n" + script);
        assertTrue(file.toFile().setExecutable(true));
        return Program.of(List.of(file.toString()));
    }
}
