package io.gatehouse.cli.screen;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

final class WaitingTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void saysEachStepOnceWhereItTakesLonger() {
        try (Waiting waiting = Waiting.begin(screen(Screen.Terminal.NONE), "a/b/c")) {
            await().until(() -> err().equals("waiting for a/b/c\n"));
            waiting.step("tunnel.open");
            waiting.note("connecting\033[2J\n");
            waiting.note("connecting\033[2J\n");
        }
        assertEquals(
                "waiting for a/b/c\nwaiting for a/b/c: tunnel.open\n"
                        + "waiting for a/b/c: tunnel.open: connecting\ufffd[2J\n",
                err());
        assertEquals("", out.toString(UTF_8));
    }

    @Test
    void leavesNothingOnATerminalAndSaysNothingAfterwards() {
        Waiting waiting = Waiting.begin(screen(new Screen.Terminal(80, false)), "a/b/c");
        await().until(() -> out.toString(UTF_8).equals("waiting for a/b/c\n"));
        waiting.close();
        waiting.step("tunnel.close");
        assertEquals("waiting for a/b/c\n\033[1F\033[J", out.toString(UTF_8));
        assertEquals("", err());
    }

    @Test
    void saysNothingWhereItIsOverSoon() {
        Waiting waiting = Waiting.begin(screen(Screen.Terminal.NONE), "a/b/c");
        waiting.step("tunnel.key");
        waiting.close();
        assertEquals("", err());
    }

    private Screen screen(Screen.Terminal terminal) {
        return new Screen(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), terminal, false);
    }

    private String err() {
        return err.toString(UTF_8);
    }
}
