package io.gatehouse.tasks.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.tasks.Asked;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PingTest {
    private final List<String> measured = new ArrayList<>();
    private final Ping ping = new Ping(
            Clock.fixed(Instant.parse("2026-02-03T04:05:06Z"), ZoneOffset.UTC),
            "0123456789abcdef",
            new Uptime(Path.of("/proc"), System::nanoTime),
            (address, count, timeout, progress) -> {
                measured.add(address.getHostAddress() + " " + count + " " + timeout);
                progress.replied(1, 0.010);
                progress.replied(2, 0.020);
                return new Echo.Result(count, List.of(0.010, 0.020));
            });

    @Test
    void answersWithoutAHostThatItIsThere() throws Exception {
        Map<String, ?> result = done(Map.of());
        assertEquals("2026-02-03T04:05:06.000Z", result.get("at"));
        assertEquals("0123456789abcdef", result.get("boot"));
        double uptime = (double) result.get("uptime");
        double started = ProcessHandle.current()
                .info()
                .startInstant()
                .map(start -> Duration.between(start, Instant.now()).toMillis() / 1000.0)
                .orElse(uptime);
        assertEquals(started, uptime, 5);
        assertEquals(List.of(), measured);
    }

    @Test
    void measuresTheWayToAHostAndTellsEachReply() throws Exception {
        Asked asked = Asked.with(Map.of("host", "127.0.0.1", "count", 4, "timeout", "PT1S"));
        Outcome.Done done = (Outcome.Done) ping.handle(asked);
        assertEquals(
                Map.of(
                        "host",
                        "127.0.0.1",
                        "address",
                        "127.0.0.1",
                        "sent",
                        4,
                        "received",
                        2,
                        "rtt",
                        Map.of("min", 0.010, "avg", 0.015, "max", 0.020)),
                done.result());
        assertEquals(List.of("127.0.0.1 4 PT1S"), measured);
        assertEquals(List.of(0.25, 0.5), asked.ratios());
    }

    @Test
    void pingsThreeTimesWithTwoSecondsEachIfNotTold() throws Exception {
        done(Map.of("host", "127.0.0.1"));
        assertEquals(List.of("127.0.0.1 3 PT2S"), measured);
    }

    @Test
    void saysThatAHostIsUnknown() throws Exception {
        Outcome.Failed failed = (Outcome.Failed) ping.handle(Asked.with(Map.of("host", "nobody.invalid")));
        assertEquals("unknown-host", failed.problem().type());
        assertEquals("no address is known for nobody.invalid", failed.problem().detail());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-f", "--help", "a b", "host;reboot", "$(reboot)", "host\n", "ho/st", "`x`", "hôte"})
    void refusesWhatIsNoHost(String host) {
        BadArgument e = assertThrows(BadArgument.class, () -> done(Map.of("host", host)));
        assertEquals("host must be a host's name or address: " + host, e.getMessage());
        assertEquals(List.of(), measured);
    }

    @ParameterizedTest
    @CsvSource({"count, 0", "count, 101", "timeout, PT0.01S", "timeout, PT1H", "timeout, soon"})
    void namesAnArgumentThatWillNotDo(String name, String value) {
        Object argument = name.equals("count") ? (Object) Integer.valueOf(value) : value;
        BadArgument e = assertThrows(BadArgument.class, () -> done(Map.of("host", "127.0.0.1", name, argument)));
        assertTrue(e.getMessage().startsWith(name + " must be "), e.getMessage());
    }

    @Test
    void countsFromItsOwnStartWhereThereIsNoProc() {
        long[] now = {1_000_000_000L};
        Uptime uptime = new Uptime(Path.of("/nowhere"), () -> now[0]);
        now[0] += 2_500_000_000L;
        assertEquals(2.5, uptime.seconds());
    }

    private Map<String, ?> done(Map<String, ?> arguments) throws IOException, InterruptedException {
        return ((Outcome.Done) ping.handle(Asked.with(arguments))).result();
    }
}
