package io.gatehouse.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.software.Bounds;
import io.gatehouse.software.Document;
import io.gatehouse.software.Part;
import io.gatehouse.software.Verdict;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFolderTest {
    @TempDir
    private Path folder;

    private StateFolder state;

    @BeforeEach
    void open() throws Exception {
        state = StateFolder.open(folder);
    }

    @AfterEach
    void close() throws Exception {
        state.close();
    }

    private static Committed committed(long change) {
        Part part = new Part("g:a:1", "a.b_c-d", "1.0.0", "ab".repeat(32), 7);
        Part vendors = new Part("g:b:1", "com.acme.b", "1.0.0", "cd".repeat(32), 8)
                .within(new Bounds("acme", List.of("com.acme.*"), List.of("p"), List.of("s"), List.of("e")));
        Document document = new Document(
                List.of(part, vendors),
                Map.of("pid", Map.of("n", 1L, "d", new BigDecimal("1.5"), "l", List.of("x", true))),
                Map.of("t/desired/feature/x", "cd".repeat(32)));
        return new Committed(change, document, Optional.of(verdict(Verdict.State.APPLIED)));
    }

    private static Verdict verdict(Verdict.State how) {
        return new Verdict(
                how, Map.of("t", "d"), "type", "\"detail\",\"sha256\":\"", List.of("r"), Duration.ofMillis(5));
    }

    @Test
    void whatIsCommittedIsReadAgain() throws Exception {
        state.commit(committed(1));
        assertEquals(Optional.of(committed(1)), state.current());
        assertEquals(Optional.empty(), state.previous());
        state.commit(committed(2));
        assertEquals(Optional.of(committed(2)), state.current());
        assertEquals(Optional.of(committed(1)), state.previous());
        assertEquals(committed(2).verdict(), state.verdict());
    }

    @Test
    void boundsThatCannotBeReadAreNotTakenForNone() {
        Map<String, Object> part = Codec.write(committed(1).document().parts().get(1));
        for (Object bent : List.of("none", Map.of(), Map.of("vendor", "acme"), List.of())) {
            part.put("bounds", bent);
            assertThrows(IOException.class, () -> Codec.part(part), bent::toString);
        }
    }

    @Test
    void whatIsTornAnywhereCountsAsAbsent() throws Exception {
        state.commit(committed(1));
        byte[] whole = Files.readAllBytes(folder.resolve("current.json"));
        for (int length = 0; length < whole.length; length++) {
            Files.write(folder.resolve("current.json"), java.util.Arrays.copyOf(whole, length));
            assertEquals(Optional.empty(), state.current(), "cut at " + length);
        }
        for (int at = 0; at < whole.length; at += 7) {
            byte[] bent = whole.clone();
            bent[at] ^= 1;
            Files.write(folder.resolve("current.json"), bent);
            assertEquals(Optional.empty(), state.current(), "bent at " + at);
        }
    }

    @Test
    void aCommitThatWasCutShortLeavesTheOneBefore() throws Exception {
        state.commit(committed(1));
        // as when the power goes between the two renames
        Files.writeString(folder.resolve("current.json.new"), "{\"change\":2,");
        Files.createLink(folder.resolve("previous.json"), folder.resolve("current.json"));
        assertEquals(Optional.of(committed(1)), state.current());
        state.commit(committed(3));
        assertEquals(Optional.of(committed(3)), state.current());
        assertEquals(Optional.of(committed(1)), state.previous());
    }

    @Test
    void theLaterOfVerdictAndCommittedDocumentTellsHowTheLastChangeEnded() throws Exception {
        assertEquals(Optional.empty(), state.verdict());
        state.end(new Ended(1, verdict(Verdict.State.ROLLED_BACK)));
        assertEquals(Optional.of(verdict(Verdict.State.ROLLED_BACK)), state.verdict());
        state.commit(committed(2));
        assertEquals(Optional.of(verdict(Verdict.State.APPLIED)), state.verdict());
        state.end(new Ended(3, verdict(Verdict.State.ROLLED_BACK)));
        assertEquals(Optional.of(verdict(Verdict.State.ROLLED_BACK)), state.verdict());
        assertEquals(4, state.nextChange());
        state.begin(new Attempt(4, Map.of(), 1));
        assertEquals(5, state.nextChange());
    }

    @Test
    void countsStartsOfOneDocumentOnly() throws Exception {
        state.count(state.starts(7).oneMore().oneMore().failedBy("why"));
        assertEquals(new Starts(7, 2, "why"), state.starts(7));
        assertEquals(new Starts(8, 0, ""), state.starts(8));
        state.forgetStarts();
        assertEquals(0, state.starts(7).count());
    }

    @Test
    void writesNothingOnceFrozenAndBlamesNeitherStartNorChange() throws Exception {
        state.commit(committed(1));
        state.count(new Starts(1, 2, "why"));
        state.begin(new Attempt(2, Map.of(), 1));
        state.freeze();
        state.freeze();
        assertEquals(1, state.starts(1).count());
        assertEquals(Optional.empty(), state.attempt());
        assertThrows(IOException.class, () -> state.commit(committed(2)));
        assertThrows(IOException.class, () -> state.end(new Ended(2, verdict(Verdict.State.ROLLED_BACK))));
        assertEquals(Optional.of(committed(1)), state.current());
        assertFalse(Files.exists(folder.resolve("verdict.json")));
    }

    @Test
    void aSymbolicNameThatCouldLeaveItsFolderIsRefused() {
        Part bad = new Part("g:a:1", "../../etc/passwd", "1.0.0", "ab".repeat(32), 7);
        IOException refused = assertThrows(IOException.class, () -> Codec.checked(bad));
        assertTrue(refused.getMessage().contains("../../etc/passwd"), refused.getMessage());
    }

    @Test
    void aFolderThatCannotBeMadeIsNamed() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        Misuse refused = assertThrows(Misuse.class, () -> StateFolder.open(file));
        assertTrue(refused.getMessage().contains(file.toString()), refused.getMessage());
    }
}
