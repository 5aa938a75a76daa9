package io.gatehouse.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which runtime the script starts, and for how long it is tried. */
class SlotSupervisorTest extends SupervisedSlots {
    @ParameterizedTest
    @MethodSource("shells")
    void whatProvesItselfIsKept(List<String> with) throws Exception {
        shell = with;
        probation("PT5S");
        file("current", OLD);
        file("next", NEW);
        plan(NEW, "75", "prove");
        start();
        assertEquals("bb", started());
        assertEquals("current", files());
        assertTrue(calls().get(0).contains("current next.1"), calls().toString());
        assertTrue(calls().get(1).contains("current next.2"), calls().toString());
        // not by the time that a probation may take
        assertFalse(script.orElseThrow().waitFor(6, TimeUnit.SECONDS));
        assertEquals("bb", started());
    }

    @ParameterizedTest
    @MethodSource("shells")
    void theImagesOwnStartsWhereAFactoryResetIsAskedFor(List<String> with) throws Exception {
        shell = with;
        file("current", OLD);
        file("next", NEW);
        Files.writeString(slots.resolveSibling("reset"), "{}");
        start();
        assertEquals("i", started());
        assertEquals("current next", files());
    }

    @ParameterizedTest
    @MethodSource("shells")
    void whatFailsThreeTimesIsLeftHoweverItEnded(List<String> with) throws Exception {
        shell = with;
        file("next", NEW);
        plan(NEW, "0", "2", "1");
        start();
        assertEquals("bbbi", started());
        assertEquals("failed why", files());
        assertEquals("its process ended with 1", why());
    }

    @ParameterizedTest
    @MethodSource("shells")
    void whatHangsIsKilledAndLeftForTheOneBefore(List<String> with) throws Exception {
        shell = with;
        file("current", OLD);
        file("next", NEW);
        probation("PT5S");
        program(folder.resolve("quick/sleep"), "#!/bin/sh\nexec /bin/sleep 0.5\n");
        start();
        await().atMost(40, TimeUnit.SECONDS).until(() -> calls().stream().anyMatch(line -> line.startsWith("a")));
        assertEquals("bbba", started());
        assertEquals("current failed why", files());
        assertEquals("it did not prove itself within 5 s, and was killed", why());
    }

    @Test
    void whyIsWhatTheRuntimeSaidItself() throws Exception {
        file("next", NEW);
        plan(NEW, "1", "explain the modem is missing", "explain no message came back");
        start();
        assertEquals("bbbi", started());
        assertEquals("no message came back", why());
    }

    @Test
    void theImageCanBeGoneBackToAndProvesItselfToo() throws Exception {
        file("current", OLD);
        file("next", "image");
        plan("image", "1", "prove");
        start();
        assertEquals("ii", started());
        assertEquals("current", files());
        cut(script.orElseThrow());
        Files.writeString(folder.resolve("calls"), "");
        plan("image");
        start();
        assertEquals("i", started());
    }

    @Test
    void theImageThatDoesNotProveItselfGivesWayToTheSlot() throws Exception {
        file("current", OLD);
        file("next", "image");
        plan("image", "1", "1", "1");
        start();
        assertEquals("iiia", started());
    }

    @Test
    void aDamagedSlotIsLeftAtOnce() throws Exception {
        file("current", OLD);
        file("next", NEW);
        Files.delete(slots.resolve(NEW).resolve("lib/launcher.jar"));
        start();
        assertEquals("a", started());
        assertEquals("its files are damaged", why());
        assertEquals("current failed why", files());
        cut(script.orElseThrow());
        Files.writeString(folder.resolve("calls"), "");
        Files.write(slots.resolve(OLD).resolve("conf/factory.json"), new byte[0]);
        start();
        assertEquals("i", started());
        assertEquals("failed why", files());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"slot\":\"../../x\"}", "{\"slot\":\"\"}", "nonsense"})
    void aFileThatNamesNoSlotIsLeftAtOnce(String text) throws Exception {
        Files.writeString(slots.resolve("next"), text);
        start();
        assertEquals("i", started());
        assertEquals("failed why", files());
    }

    /** What a power cut can leave: the files, what starts then, and the files while that runs. */
    @ParameterizedTest
    @CsvSource({
        "'',i,''",
        "next,b,next.1",
        "next.1,b,next.2",
        "next.2,b,next.3",
        "next.3,i,failed why",
        "current:old,a,current",
        "next current:old,b,current next.1",
        "next.3 current:old,a,current failed why",
        "failed,i,failed",
        "failed current:old,a,current failed",
        "next.new,i,next.new",
        "next.new current:old,a,current next.new"
    })
    void eachStateThatAPowerCutCanLeaveHasOneAnswer(String left, String starts, String then) throws Exception {
        for (String name : left.isEmpty() ? new String[0] : left.split(" ")) {
            file(name.replace(":old", ""), name.endsWith(":old") ? OLD : NEW);
        }
        start();
        assertEquals(starts, started());
        assertEquals(then, files());
    }

    @Test
    void powerCutsOnProbationCountAsStarts() throws Exception {
        file("next", NEW);
        for (int start = 1; start <= 3; start++) {
            start();
            assertEquals("b".repeat(start), started());
            cut(script.orElseThrow());
            assertEquals("next." + start, files());
            Files.write(
                    folder.resolve("calls"),
                    calls().stream().filter(line -> !line.equals("waits")).toList());
        }
        start();
        assertEquals("bbbi", started());
        assertEquals("three starts were cut short", why());
    }

    @ParameterizedTest
    @MethodSource("shells")
    void aStopThatWasAskedForCountsAsNoStart(List<String> with) throws Exception {
        shell = with;
        file("next", NEW);
        Process running = start();
        assertEquals("b", started());
        assertEquals("next.1", files());
        running.destroy();
        assertTrue(running.waitFor(10, TimeUnit.SECONDS));
        assertEquals(0, running.exitValue());
        assertEquals("next", files());
    }

    @Test
    void aSlotThatEndsAgainAndAgainAfterItWasKeptIsLeftInTheEnd() throws Exception {
        program(folder.resolve("quick/sleep"), "#!/bin/sh\nexit 0\n");
        file("current", OLD);
        plan(OLD, "1", "1", "1", "1", "1", "1", "1", "1", "9");
        start();
        assertEquals("aaaaaaaaai", started());
        assertEquals("its process ended by itself 9 times soon after its start, the last time with 9", why());
    }
}
