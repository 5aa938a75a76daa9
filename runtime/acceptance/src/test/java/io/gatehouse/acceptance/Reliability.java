package io.gatehouse.acceptance;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/**
 * The page of what a gateway outlasted, in {@code docs/reliability.md}. With {@code ./dev test --record} each test writes its
 * figure there; what it says otherwise than in figures is held against this class by a test.
 */
final class Reliability {
    /** How often each fault happens, each time at another moment. */
    static final int MOMENTS = RecordedTable.IS_LONG ? 10 : 1;

    /** Java's heap is 32 MB by the starting script; all that the process has may be no more than this, at any moment. */
    static final long MOST_KIB = 128 * 1024;

    private static final String INTRODUCTION = """
            # Reliability

            Written by the tests: to a gateway as it is shipped, with a broker, and a plug-in that observes five times a second, \
            happens one fault after the other. Each time it is held that

            - what was acknowledged arrives: of all that was observed, by `boot` and `seq`, nothing is missing, but what the gateway \
            itself counted as dropped (`event/outbox`); each command that was sent before or meanwhile comes to an end, \
            each event arrives;
            - it recovers by itself: a command sent after the fault is answered, and a feature is installed over MQTT and reported;
            - its memory stays bounded: at no moment had Java's process more than %d MiB resident (`VmHWM`), with the heap of 32 MiB \
            that `bin/gatehouse-gateway` gives it.

            `./dev test` has each fault once, `./dev test --long` ten times, each time at another moment; with `--record` they write \
            the figures anew. Figures are of one machine: messages are those that arrived with a number; *back* is the longest \
            time from the end of the fault until a command is answered.

            | fault | what the gateway does | once | ten moments | held by |
            |---|---|---|---|---|
            """.formatted(MOST_KIB / 1024);

    private static final String CLOSE = """

            ## What this is not

            The bad line is made of packets that the tests carry between two TUN devices, not by `tc netem`, which not every kernel has. \
            The clock is set by libfaketime, for the gateway alone: time that is measured goes on as it does, as on a device whose clock \
            is set. Read-only flash is a read-only mount over the state folder: what the gateway had open it could still write. \
            What a power cut does to flash itself is held by `store`'s own `PowerCutTest`, and for what runs by the one here. Where a tool is \
            missing, or the tests do not run as root, the tests say that they skip.
            """;

    static final RecordedTable<Fault> PAGE =
            new RecordedTable<>(Path.of("../../docs/reliability.md"), Fault.class, INTRODUCTION, CLOSE);

    private Reliability() {}

    /**
     * What was seen.
     *
     * @param messages that arrived and had a number
     * @param lost of those before the last of a boot, without a word
     * @param tail how long before its end a boot's last observation was made, at most, where it ended away from the broker
     * @param dropped that the gateway counted as such
     * @param back how long it took at most to be well again
     * @param peakKib of memory
     */
    record Figures(long messages, long lost, Duration tail, long dropped, Duration back, long peakKib) {
        private String cell() {
            return String.format(
                    Locale.ROOT,
                    "%d messages, %d lost%s%s; back in %.1f s; %d MiB",
                    messages,
                    lost,
                    tail.isZero()
                            ? ""
                            : String.format(Locale.ROOT, " but for the last %.1f s", tail.toMillis() / 1000.0),
                    dropped == 0 ? "" : ", " + dropped + " dropped and counted",
                    back.toMillis() / 1000.0,
                    peakKib / 1024);
        }
    }

    /** Puts a figure on the page, where that is asked for. */
    static void held(Fault fault, Figures figures) throws IOException {
        PAGE.held(fault, figures.cell());
    }
}
