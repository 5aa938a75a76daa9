package io.gatehouse.firmware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.Problem;
import io.gatehouse.protocol.Window;
import io.gatehouse.software.Complaint;
import io.gatehouse.software.Health;
import java.nio.charset.StandardCharsets;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JournalTest {
    private static final Release RELEASE = new Release(
            "digest",
            new Sha256("a".repeat(64)),
            "2.0",
            200,
            Optional.of(new Window(LocalTime.of(2, 0), LocalTime.of(5, 0), ZoneId.of("Asia/Taipei"))));
    private static final Attempt ATTEMPT = new Attempt(
            RELEASE,
            Map.of("dwr/desired/firmware", "digest"),
            new Origin(
                    "A",
                    true,
                    "boot-1",
                    new Health(
                            Map.of("path", Set.of(), "health", Set.of(Complaint.of("the disk is nearly full"))),
                            Set.of("io.example.down")),
                    Set.of("dmesg-0@17")),
            Stage.ACTIVATED,
            2,
            1,
            Optional.of("it hung"));
    private static final Remembered ALL = new Remembered(
            Optional.of(ATTEMPT),
            Optional.of(new Applied(RELEASE, "B")),
            Optional.of(new GivenUp(
                    "other",
                    "rolled-back",
                    new Problem("panic", "Kernel panic"),
                    Optional.of(new Artifact(new Sha256("b".repeat(64)), 17, Optional.empty())))),
            true);

    private final MemoryStore store = new MemoryStore();

    @Test
    void allThatWasChangedOutlivesAPowerCut() throws Failure {
        new Journal(store).change(remembered -> ALL);
        assertEquals(ALL, new Journal(store.afterPowerCut()).remembered());
    }

    @Test
    void beginsWithNothing() {
        assertEquals(Remembered.NOTHING, new Journal(store).remembered());
    }

    @Test
    void whatCannotBeReadIsForgotten() throws Exception {
        store.put("journal", "{\"attempt\":{\"stage\":\"nowhere\"}}".getBytes(StandardCharsets.UTF_8));
        assertEquals(Remembered.NOTHING, new Journal(store).remembered());
    }

    @Test
    void saysWhereFlashCannotBeWrittenAndGoesOnWhereItMust() {
        store.breakFlash();
        Journal journal = new Journal(store);
        Failure failure = assertThrows(Failure.class, () -> journal.change(remembered -> ALL));
        assertEquals("storage", failure.type());
        journal.changeIfPossible(remembered -> ALL);
    }

    @Test
    void nextRoundBeginsWithoutTheWordsOfTheLast() {
        Attempt next = ATTEMPT.nextRound(Stage.INSTALLING);
        assertEquals(3, next.round());
        assertEquals(0, next.starts());
        assertEquals(Optional.empty(), next.left());
    }
}
