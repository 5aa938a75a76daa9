package io.gatehouse.artifacts;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.Artifacts.Draft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How long what a device made is kept, whatever its clock says. */
@Timeout(60)
final class MadeLivesTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Instant NO_BATTERY = Instant.parse("1970-01-01T00:00:10Z");

    @TempDir
    Path folder;

    private Making making;

    @BeforeEach
    void open() {
        making = new Making(folder.resolve("made"));
    }

    @AfterEach
    void close() {
        making.close();
    }

    @Test
    void isForgottenWhenItsLifeIsOver() throws Exception {
        Artifact artifact = making.keep(new byte[10], HOUR);
        making.time().passes(HOUR.minusSeconds(1));
        assertTrue(making.read(artifact.sha256()).isPresent());
        making.time().passes(Duration.ofSeconds(1));
        assertTrue(making.read(artifact.sha256()).isEmpty());
        assertEquals(List.of(), making.files());
    }

    @Test
    void isForgottenInALaterProcessByTheClock() throws IOException {
        making.keep(new byte[10], HOUR);
        making.time().passes(Duration.ofMinutes(30));
        making.restart();
        making.time().passes(Duration.ofMinutes(29));
        assertEquals(1, making.kept().size());
        making.time().passes(Duration.ofMinutes(1));
        assertEquals(List.of(), making.kept());
    }

    @Test
    void aClockThatIsAheadAtBootEndsNothingUntilItIsSet() throws IOException {
        making.keep(new byte[10], HOUR);
        Instant right = making.time().instant();
        making.time().isSet(right.plus(Duration.ofDays(9000)));
        making.restart();
        making.time().passes(Duration.ofMinutes(9));
        assertEquals(1, making.kept().size());
        making.time().isSet(right.plus(Duration.ofMinutes(10)));
        making.time().passes(Duration.ofMinutes(20));
        assertEquals(1, making.kept().size());
        making.time().passes(Duration.ofMinutes(30));
        assertEquals(List.of(), making.kept());
    }

    @Test
    void aClockThatIsSetEndsNothingThatThisProcessMade() throws IOException {
        Instant right = making.time().instant();
        making.time().isSet(NO_BATTERY);
        making.keep(new byte[10], HOUR);
        making.time().isSet(right);
        making.time().passes(Duration.ofMinutes(59));
        assertEquals(1, making.kept().size());
        assertEquals(
                making.time().instant().plus(Duration.ofMinutes(1)),
                making.made().list().get(0).until(),
                "by the clock as it is now");
        making.time().passes(Duration.ofMinutes(1));
        assertEquals(List.of(), making.kept());
    }

    @Test
    void whatWasMadeWithoutAClockBeginsItsLifeAnew() throws IOException {
        Instant right = making.time().instant();
        making.time().isSet(NO_BATTERY);
        making.keep(new byte[10], HOUR);
        making.time().isSet(right);
        making.restart();
        making.time().passes(Duration.ofMinutes(59));
        assertEquals(1, making.kept().size());
        making.time().passes(Duration.ofMinutes(1));
        assertEquals(List.of(), making.kept());
    }

    @Test
    void aClockThatNeverComesKeepsNothingForEver() throws IOException {
        making.keep(new byte[10], HOUR);
        making.time().isSet(NO_BATTERY);
        making.restart();
        making.time().passes(Duration.ofMinutes(59));
        assertEquals(1, making.kept().size());
        making.time().passes(Duration.ofMinutes(1));
        assertEquals(List.of(), making.kept());
    }

    @Test
    void endsAlsoWhereNobodyAsksAndThenNoThreadIsLeft() throws IOException {
        MadeArtifacts made = new MadeArtifacts(
                new MadeFolder(folder.resolve("other"), 0, at -> Long.MAX_VALUE / 2),
                Making.LIMIT,
                new Kept.Time(Clock.systemUTC(), System::nanoTime));
        Set<Thread> before = keepers();
        try (Draft draft = made.draft()) {
            draft.keep(Duration.ofSeconds(1));
        }
        assertEquals(1, keepersBeside(before));
        await().until(() -> Files.list(folder.resolve("other")).findAny().isEmpty());
        await().until(() -> keepersBeside(before) == 0);
    }

    @Test
    void noThreadIsLeftByWhoIsStopped() throws IOException {
        Set<Thread> before = keepers();
        making.keep(new byte[10], HOUR);
        assertEquals(1, keepersBeside(before));
        making.close();
        await().until(() -> keepersBeside(before) == 0);
        making.restart();
        assertEquals(1, keepersBeside(before), "it is still kept");
    }

    @Test
    void lifeIsMoreThanNothingAndBoundedByWhatCanBeWritten() throws IOException {
        try (Draft draft = making.made().draft()) {
            assertThrows(IllegalArgumentException.class, () -> draft.keep(Duration.ZERO));
            assertThrows(IllegalArgumentException.class, () -> draft.keep(Duration.ofSeconds(-1)));
            draft.keep(Duration.ofSeconds(Long.MAX_VALUE));
        }
        making.restart();
        assertEquals(1, making.kept().size());
    }

    private static Set<Thread> keepers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("gatehouse-made"))
                .collect(Collectors.toSet());
    }

    private static long keepersBeside(Set<Thread> others) {
        return keepers().stream().filter(thread -> !others.contains(thread)).count();
    }
}
