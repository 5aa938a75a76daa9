package io.gatehouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatehouse.api.command.Outcome;
import io.gatehouse.cli.screen.Paint;
import io.gatehouse.protocol.Reply;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class AnswerTableTest {
    private static final Outcome ONE_OF_TWO = Outcome.done(Map.of("received", 1, "rtt", Map.of("avg", 0.5)));

    private final AnswerTable table = new AnswerTable(Paint.PLAIN, List.of("a/b/1", "a/b/2", "a/b/3"));

    @Test
    void showsHowFarEachDeviceIs() {
        table.running("a/b/2", new Reply.Running(0.5, "reply 1 of 2"));
        table.ended("a/b/3", Outcome.refused("busy", "a change goes on"));
        assertEquals(
                List.of(
                        "DEVICE  STATE    RESULT",
                        "a/b/1   …",
                        "a/b/2   running  [##########..........]  50 %  reply 1 of 2",
                        "a/b/3   refused  busy: a change goes on"),
                table.lines());
    }

    @Test
    void showsTheLastLineOfANoteAndNothingThatATerminalWouldObey() {
        table.running("a/b/1", new Reply.Running(0.5, "one\n\033[2Jtwo\n"));
        table.ended("a/b/2", Outcome.failed("timed\033-out", "it said:\nno"));
        table.ended("a/b/3", Outcome.done(Map.of("output", "x\ny\n")));
        assertEquals(
                List.of(
                        "DEVICE  STATE    OUTPUT  NOTE",
                        "a/b/1   running          [##########..........]  50 %  \ufffd[2Jtwo",
                        "a/b/2   failed           timed\ufffd-out: it said: no",
                        "a/b/3   done     \"x y\""),
                table.lines());
    }

    @Test
    void givesMembersThatAllAnswerColumnsOfTheirOwn() {
        table.ended("a/b/1", Outcome.done(Map.of("rtt", Map.of("avg", 0.5))));
        table.ended("a/b/2", Outcome.done(Map.of("rtt", Map.of("avg", 0.25))));
        table.ended("a/b/3", Outcome.failed("unreachable", "10.0.0.1"));
        assertEquals(
                List.of(
                        "DEVICE  STATE   RTT.AVG  NOTE",
                        "a/b/1   done    0.5",
                        "a/b/2   done    0.25",
                        "a/b/3   failed           unreachable: 10.0.0.1"),
                table.lines());
    }

    @Test
    void namesTheMembersInEachRowWhereDevicesAnswerDifferently() {
        table.ended("a/b/1", Outcome.done(Map.of("ok", true)));
        table.ended("a/b/2", Outcome.done(Map.of("fine", 1)));
        assertEquals("a/b/1   done   ok=true", table.lines().get(1));
        assertEquals("a/b/2   done   fine=1", table.lines().get(2));
    }

    @Test
    void givesListsNoColumns() {
        table.ended("a/b/1", Outcome.done(Map.of("list", List.of(1, 2))));
        assertEquals("a/b/1   done   list=[1, 2]", table.lines().get(1));
        table.ended("a/b/1", Outcome.done(Map.of("disks", List.of(Map.of("free", 1)))));
        assertEquals("a/b/1   done   disks[0].free=1", table.lines().get(1));
    }

    @Test
    void saysWhoWasSilent() {
        table.ended("a/b/1", ONE_OF_TWO);
        table.running("a/b/2", new Reply.Running(0.5, "half way"));
        table.timeIsUp();
        assertEquals("done", table.lines().get(1).split(" +")[1]);
        assertEquals("a/b/2   silent", table.lines().get(2));
        assertEquals("a/b/3   silent", table.lines().get(3));
    }

    @Test
    void showsFailuresFirstAndThenTheNewestWhereThereAreMoreDevicesThanRows() {
        List<String> names = IntStream.range(0, 100).mapToObj(at -> "a/b/" + at).toList();
        AnswerTable many = new AnswerTable(Paint.PLAIN, names);
        many.ended("a/b/7", Outcome.failed("unreachable", ""));
        many.ended("a/b/1", Outcome.done(Map.of()));
        many.ended("a/b/2", Outcome.done(Map.of()));
        many.running("a/b/3", new Reply.Running(0, "begun"));
        assertEquals(
                List.of(
                        "3 of 100 answered, 1 in trouble, 97 to come",
                        "DEVICE  STATE    RESULT",
                        "a/b/7   failed   unreachable",
                        "a/b/3   running  [....................]   0 %  begun",
                        "a/b/2   done"),
                many.lines(5));
        assertEquals(101, many.lines().size());
    }

    @Test
    void givesADeviceThatJoinsLateARow() {
        table.ended("a/b/0", Outcome.done(Map.of()));
        assertEquals("a/b/0   done", table.lines().get(1));
        assertEquals("a/b/0  done", table.line("a/b/0"));
    }
}
