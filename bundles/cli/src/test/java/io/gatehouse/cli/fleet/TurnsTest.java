package io.gatehouse.cli.fleet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.protocol.ArtifactRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TurnsTest {
    private static final Sha256 WHAT = Sha256.of(new byte[0]);
    private static final int PART = 262_144;
    private static final long SIZE = 100L * PART;

    private long now;
    private final Turns turns = new Turns(8L * PART, 100, () -> now);

    private Turns.Order order(String device, int part, int parts) {
        return new Turns.Order(
                device,
                new byte[] {(byte) part},
                new ArtifactRequest(WHAT, (long) part * PART, (long) parts * PART, 65_536),
                Path.of("artifact"),
                SIZE);
    }

    private void ask(String device, int from, int to) {
        for (int part = from; part < to; part++) {
            assertTrue(turns.offer(order(device, part, 1)));
        }
    }

    /** Whoever is answered until nobody is, and from which part on. */
    private List<String> answered() {
        List<String> answered = new ArrayList<>();
        for (Optional<Turns.Order> next = turns.next(); next.isPresent(); next = turns.next()) {
            answered.add(next.get().device() + next.get().request().offset() / PART);
        }
        return answered;
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void answerOneDeviceInTheOrderInWhichItAskedUpToTheRoomThereIs() {
        ask("a", 0, 10);
        assertEquals(List.of("a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7"), answered());
    }

    @Test
    void letNoDeviceWaitUntilAnotherHasAll() {
        ask("a", 0, 4);
        ask("b", 0, 4);
        assertEquals(List.of("a0", "b0", "a1", "b1", "a2", "b2", "a3", "b3"), answered());
    }

    @Test
    void shareTheRoomOfAllFairly() {
        for (String device : List.of("a", "b", "c", "d")) {
            ask(device, 0, 8);
        }
        assertEquals(List.of("a0", "b0", "c0", "d0", "a1", "b1", "c1", "d1"), answered());
    }

    @Test
    void holdBackWhatWouldFillTheBrokerForDevicesThatDoNotTakeIt() {
        for (int device = 0; device < 50; device++) {
            ask("d" + device + "/", 0, 2);
        }
        assertEquals(8, answered().size());
    }

    @Test
    void takeAnotherRequestForWordThatAnAnswerArrived() {
        ask("a", 0, 8);
        ask("b", 0, 8);
        assertEquals(8, answered().size());
        pass(Duration.ofMillis(600));
        ask("b", 8, 9);
        assertEquals(List.of("b4"), answered());
    }

    @Test
    void takeTheFirstRequestsForNoSuchWord() {
        ask("a", 0, 8);
        assertEquals(8, answered().size());
        ask("a", 8, 9);
        assertEquals(List.of(), answered());
    }

    @Test
    void presumeThatAnAnswerArrivedAfterAWhileAndWaitLongerEachTimeThatADeviceAsksForNoMore() {
        ask("a", 0, 30);
        assertEquals(8, answered().size());
        pass(Duration.ofMillis(1001));
        assertEquals(8, answered().size());
        pass(Duration.ofMillis(1001));
        assertEquals(0, answered().size());
        pass(Duration.ofMinutes(1));
        assertEquals(8, answered().size());
    }

    @Test
    void answerTheSameOnceAndAsItWasAskedLast() {
        assertTrue(turns.offer(order("a", 0, 1)));
        Turns.Order again =
                new Turns.Order("a", new byte[] {9}, order("a", 0, 1).request(), Path.of("artifact"), SIZE);
        assertTrue(turns.offer(again));
        assertArrayEquals(new byte[] {9}, turns.next().orElseThrow().correlation());
        assertEquals(Optional.empty(), turns.next());
    }

    @Test
    void divideWhatIsAskedForAtOnce() {
        assertTrue(turns.offer(order("a", 0, 4)));
        ask("b", 0, 1);
        assertEquals(List.of("a0", "b0", "a1", "a2", "a3"), answered());
    }

    @Test
    void endWhereTheFileEndsWhateverIsAskedFor() {
        Turns.Order beyond = new Turns.Order(
                "a", new byte[0], new ArtifactRequest(WHAT, 10, Long.MAX_VALUE, 7), Path.of("artifact"), 20);
        assertTrue(turns.offer(beyond));
        assertEquals(20, turns.next().orElseThrow().end());
        Turns.Order nothing = new Turns.Order(
                "b", new byte[0], new ArtifactRequest(WHAT, 99, Long.MAX_VALUE, 7), Path.of("artifact"), 20);
        assertTrue(turns.offer(nothing));
        assertEquals(0, turns.next().orElseThrow().bytes());
    }

    @Test
    void dropWhatIsTooMuch() {
        ask("a", 0, 100);
        assertFalse(turns.offer(order("b", 0, 1)));
    }
}
