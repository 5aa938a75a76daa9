package io.gatehouse.firmware;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The power is cut before and after each write to flash and each call of the engine, one after the other. */
@Timeout(180)
class PowerCutTest {
    @TempDir
    Path folder;

    @Test
    void whereverThePowerIsCutTheFirmwareIsTakenInTheEnd() throws Exception {
        int moments = 0;
        for (boolean isCut = true; isCut; ) {
            moments++;
            Rig rig = new Rig(folder.resolve("well-" + moments));
            isCut = run(rig, moments, "applied");
            String where = "cut at moment " + moments + ": " + rig.machine.story;
            assertEquals("2.0", rig.fleet.last().get("version"), where);
            assertEquals(rig.machine.runningSlot(), rig.machine.goodSlot(), where);
            assertTrue(isKeptBeforeItIsTold(rig.machine.story), where);
        }
        assertTrue(moments >= 20, "only " + moments + " moments");
    }

    @Test
    void whereverThePowerIsCutWhatIsNotWellIsLeftInTheEnd() throws Exception {
        int moments = 0;
        for (boolean isCut = true; isCut; ) {
            moments++;
            Rig rig = new Rig(folder.resolve("unwell-" + moments));
            rig.probation = "PT0.06S";
            rig.slots.health = () -> rig.machine.runningSlot().equals("A") ? FakeSlots.WELL : FakeSlots.UNWELL;
            isCut = run(rig, moments, "rolled-back");
            String where = "cut at moment " + moments + ": " + rig.machine.story;
            assertEquals("1.0", rig.fleet.last().get("version"), where);
            assertEquals("A", rig.machine.goodSlot(), where);
            assertFalse(rig.fleet.wasTold("applied"), where);
        }
        assertTrue(moments >= 20, "only " + moments + " moments");
    }

    /** Goes on through restarts to that end; whether the power was cut. */
    private static boolean run(Rig rig, int moment, String end) throws IOException, InterruptedException {
        Fuse fuse = new Fuse(moment);
        rig.machine.fuse = fuse;
        rig.store.fuse = fuse;
        rig.want("2.0 200 well");
        rig.start();
        boolean isCut = false;
        while (true) {
            boolean wasCut = isCut;
            await().pollInterval(Duration.ofMillis(5))
                    .until(() -> rig.isDown()
                            || !wasCut && fuse.isBlown()
                            || end.equals(rig.fleet.last().get("state")));
            if (!isCut && fuse.isBlown()) {
                isCut = true;
                rig.stop();
                rig.machine.fuse = new Fuse(0);
                rig.machine.restart();
                rig.start();
            } else if (rig.isDown()) {
                rig.stop();
                rig.store.fuse = rig.machine.fuse;
                rig.machine.restart();
                rig.start();
            } else {
                rig.stop();
                return isCut;
            }
        }
    }

    private static boolean isKeptBeforeItIsTold(List<String> story) {
        int restarted = story.lastIndexOf("restart");
        int good = story.subList(restarted, story.size()).indexOf("good");
        return good >= 0 && story.indexOf("told applied") > restarted + good;
    }
}
