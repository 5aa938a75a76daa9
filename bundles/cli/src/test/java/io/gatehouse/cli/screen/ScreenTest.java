package io.gatehouse.cli.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.UserProperties;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ScreenTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void alignsPaintedCellsByWhatIsSeen() {
        Table table = new Table(Paint.COLORED, "A", "B");
        table.row(Paint.COLORED.good("long cell"), "x");
        table.row("short", "y");
        List<String> lines = table.lines();
        assertEquals("\033[32mlong cell\033[0m  x", lines.get(1));
        assertEquals("short      y", lines.get(2));
    }

    @Test
    void leavesOutAColumnWithoutCells() {
        Table table = new Table(Paint.PLAIN, "A", "EMPTY", "B");
        table.row("1", "", "2");
        assertEquals(List.of("A  B", "1  2"), table.lines());
        assertThrows(IllegalArgumentException.class, () -> table.row("1"));
    }

    @Test
    void drawsBarsWithinTheirEnds() {
        assertEquals("[....................]   0 %", Bar.of(-1));
        assertEquals("[########............]  40 %", Bar.of(0.409));
        assertEquals("[####################] 100 %", Bar.of(7));
    }

    @Test
    void drawsOverWhatItDrewBefore() {
        Screen screen = screen(new Screen.Terminal(40, false), false);
        screen.draw(List.of("one", "two"));
        screen.draw(List.of("three"));
        screen.draw(List.of("three"));
        screen.line("end");
        assertEquals("one\ntwo\n\033[2F\033[Jthree\n\033[1F\033[Jend\n", out());
    }

    @Test
    void countsALineThatADeviceBrokeAsOne() {
        Screen screen = screen(new Screen.Terminal(40, false), false);
        screen.draw(List.of("one\ntwo\tthree"));
        screen.line("end");
        assertEquals("one two three\n\033[1F\033[Jend\n", out());
    }

    @Test
    void obeysNothingOfWhatItShows() {
        Screen plain = screen(Screen.Terminal.NONE, false);
        plain.line("\033[31mred\tcell\n\033]52;c;AAAA\007");
        plain.note("\u009b2J");
        screen(Screen.Terminal.NONE, true).object(Map.of("a", "\u009b2J\033"));
        assertEquals("\ufffd[31mred\tcell \ufffd]52;c;AAAA\ufffd\n{\"a\":\"\\u009b2J\\u001b\"}\n", out());
        assertEquals("\ufffd2J\n", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void cutsWhatWouldWrap() {
        screen(new Screen.Terminal(6, true), false).draw(List.of(Paint.COLORED.bad("abcdefgh")));
        assertEquals("\033[31mabcd…\033[0m\n", out());
    }

    @Test
    void cutsAGlanceWhereThereIsATerminalAlone() {
        screen(new Screen.Terminal(6, false), false).glance("abcdef");
        screen(new Screen.Terminal(0, false), false).glance("abcdef");
        assertEquals("abcd…\nabcdef\n", out());
    }

    @Test
    void drawsNothingIntoAPipeAndSpeaksNoWordsInJson() {
        screen(Screen.Terminal.NONE, false).draw(List.of("one"));
        Screen json = screen(new Screen.Terminal(40, true), true);
        json.draw(List.of("one"));
        json.say("two");
        json.object(Map.of("a", 1));
        json.note("a remark");
        assertEquals("{\"a\":1}\n", out());
        assertEquals("a remark\n", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void putsAnObservationIntoOneLine() {
        String body = "{\"at\":\"2026-01-02T03:04:05.000Z\",\"one\":0.5,\"name\":\"a b\",\"disks\":[{\"free\":1}]}";
        assertEquals(
                "03:04:05  d/m/1  hardware/loadavg  one=0.5 name=\"a b\" disks[0].free=1",
                line(message("d/m/1/hardware/loadavg", body, Map.of("device", "d/m/1"))));
    }

    @Test
    void showsNothingOfAMessageThatATerminalWouldObey() {
        assertEquals(
                "00:00:00  d/\ufffd/1  event/\ufffd  a\ufffd=\"\ufffd[0m b\" list=[\ufffd]",
                line(message(
                        "d/\033/1/event/\033",
                        "{\"a\\u001b\":\"\\u001b[0m\\nb\",\"list\":[\"\\u001b\"]}",
                        Map.of("device", "d/\033/1"))));
    }

    @Test
    void namesTheScopeOfWhatIsSentToDevices() {
        assertEquals(
                "00:00:00  world/asia  cmd/ping  count=1",
                line(message("world/asia/cmd/ping", "{\"count\":1}", Map.of())));
    }

    @Test
    void sparesTheDigestsOfAReport() {
        String body = "{\"state\":\"applied\",\"desired\":{\"t\":\"abc\"},\"bundles\":[{},{}]}";
        assertEquals(
                "00:00:00  d/m/1  reported/feature  state=applied bundles=2",
                line(message("d/m/1/reported/feature", body, Map.of())));
    }

    @Test
    void tellsBytesByTheirNumber() {
        assertEquals(
                "00:00:00  d/m/1  hardware/x  3 bytes of application/json",
                line(message("d/m/1/hardware/x", "\"x\"", Map.of("device", "d/m/1"))));
    }

    private static Message message(String topic, String payload, Map<String, String> properties) {
        return Message.json(topic, payload.getBytes(StandardCharsets.UTF_8)).with(UserProperties.of(properties));
    }

    private static String line(Message message) {
        return new MessageLine(Paint.PLAIN, ZoneOffset.UTC).text(message, Instant.EPOCH);
    }

    private Screen screen(Screen.Terminal terminal, boolean json) {
        return new Screen(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                terminal,
                json);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
