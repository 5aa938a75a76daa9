package io.gatehouse.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.software.Document;
import io.gatehouse.software.Part;
import io.gatehouse.software.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoveryTest {
    private static final Committed FIRST = committed(1, "first");
    private static final Committed SECOND = committed(2, "second");

    @TempDir
    private Path folder;

    private StateFolder state;
    private Recovery recovery;

    @BeforeEach
    void open() throws Exception {
        state = StateFolder.open(folder);
        recovery = new Recovery(state, 0, false);
    }

    @AfterEach
    void close() throws Exception {
        state.close();
    }

    private static Committed committed(long change, String wish) {
        Part part = new Part("g:a:1", "a", "1.0.0", "ab".repeat(32), 7);
        return new Committed(change, new Document(List.of(part), Map.of(), Map.of("t", wish)), Optional.empty());
    }

    @Test
    void anEmptyFolderStartsTheImageAndCountsNothing() {
        assertEquals(Committed.FACTORY, recovery.whatToStart());
        assertEquals(List.of(), files("starts"));
    }

    @Test
    void aStartThatWentWellIsForgotten() throws Exception {
        state.commit(FIRST);
        for (int start = 0; start < 10; start++) {
            assertEquals(FIRST, recovery.whatToStart());
            recovery.started(FIRST);
        }
        assertEquals(Optional.empty(), state.verdict());
    }

    @Test
    void startsThatWereCutShortCountLikeFailedOnes() throws Exception {
        state.commit(FIRST);
        state.commit(SECOND);
        for (int start = 0; start < 3; start++) {
            assertEquals(SECOND, recovery.whatToStart());
        }
        assertEquals(FIRST, recovery.whatToStart());
        assertEquals(Optional.of(FIRST), state.current());
        assertEquals(Map.of("t", "second"), state.verdict().orElseThrow().desired());
        assertEquals(FIRST, recovery.whatToStart());
        assertEquals(FIRST, recovery.whatToStart());
        assertEquals(Committed.FACTORY, recovery.whatToStart());
        assertEquals(Map.of("t", "second"), state.verdict().orElseThrow().desired());
        assertEquals(Committed.FACTORY, recovery.whatToStart());
        assertEquals(Optional.empty(), state.current());
        assertEquals(Optional.empty(), state.previous());
    }

    @Test
    void aDocumentIsNotItsOwnFallback() throws Exception {
        state.commit(FIRST);
        Files.createLink(folder.resolve("previous.json"), folder.resolve("current.json"));
        for (int start = 0; start < 3; start++) {
            recovery.whatToStart();
        }
        assertEquals(Committed.FACTORY, recovery.whatToStart());
    }

    @Test
    void aTornCurrentDocumentGivesWayToThePreviousOneAndThatToTheImage() throws Exception {
        state.commit(FIRST);
        state.commit(SECOND);
        Files.writeString(folder.resolve("current.json"), "{\"change\":2,\"bundles\":[");
        assertEquals(FIRST, recovery.whatToStart());
        assertEquals(Optional.of(FIRST), state.current());
        Files.writeString(folder.resolve("current.json"), "");
        assertEquals(Committed.FACTORY, recovery.whatToStart());
    }

    @Test
    void eachThirdProcessInARowThatEndsByItselfSoonAfterItsStartTakesTheSoftwareOneBack() throws Exception {
        state.commit(FIRST);
        state.commit(SECOND);
        assertEquals(SECOND, start(0));
        assertEquals(SECOND, start(1));
        assertEquals(SECOND, start(2));
        assertEquals(FIRST, start(3));
        Verdict verdict = state.verdict().orElseThrow();
        assertEquals("starts-failed", verdict.type());
        assertEquals(
                "the process ended by itself 3 times soon after its start; the software before it runs",
                verdict.detail());
        assertEquals(Map.of("t", "second"), verdict.desired());
        assertEquals(FIRST, start(4));
        assertEquals(FIRST, start(5));
        assertEquals(Committed.FACTORY, start(6));
        assertEquals(Committed.FACTORY, start(9));
    }

    private Committed start(int brokenEnds) {
        Recovery next = new Recovery(state, brokenEnds, false);
        Committed started = next.whatToStart();
        next.started(started);
        return started;
    }

    @Test
    void anAttemptThatDiedThreeTimesIsRolledBackAndOneThatDiedLessIsForgotten() throws Exception {
        state.commit(FIRST);
        state.begin(new Attempt(2, Map.of("t", "second"), 2));
        recovery.started(recovery.whatToStart());
        assertEquals(Optional.empty(), state.verdict());
        assertTrue(state.attempt().isPresent(), "the next attempt must know of it");
        state.begin(new Attempt(3, Map.of("t", "second"), 3));
        assertEquals(FIRST, recovery.whatToStart());
        Verdict verdict = state.verdict().orElseThrow();
        assertEquals(Verdict.State.ROLLED_BACK, verdict.state());
        assertEquals("died-while-changing", verdict.type());
        assertEquals(Map.of("t", "second"), verdict.desired());
        assertEquals(Optional.empty(), state.attempt());
    }

    @Test
    void anAttemptThatWasCommittedOrPutBackJustBeforeIsNoFailure() throws Exception {
        state.begin(new Attempt(2, Map.of("t", "second"), 3));
        state.commit(SECOND);
        recovery.whatToStart();
        assertEquals(Optional.empty(), state.attempt());
        assertEquals(Optional.empty(), state.verdict());
        state.begin(new Attempt(3, Map.of("t", "third"), 3));
        state.end(new Ended(
                3,
                new Verdict(
                        Verdict.State.ROLLED_BACK,
                        Map.of("t", "third"),
                        "start-hung",
                        "x",
                        List.of(),
                        java.time.Duration.ZERO)));
        recovery.whatToStart();
        assertEquals(Optional.empty(), state.attempt());
        assertEquals("start-hung", state.verdict().orElseThrow().type());
    }

    private List<String> files(String name) {
        return Files.exists(folder.resolve(name)) ? List.of(name) : List.of();
    }
}
