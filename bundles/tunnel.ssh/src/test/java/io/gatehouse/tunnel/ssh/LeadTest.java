package io.gatehouse.tunnel.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeadTest {
    private static final long LEAST = Lead.LEAST_BYTES;
    private static final long MOST = 1 << 20;

    private final Reserve reserve = new Reserve(2 * MOST);

    @Test
    void doublesWithWhatATargetTakesUntilItIsTheMost() {
        Lead lead = new Lead(reserve, MOST);
        long ahead = LEAST;

        for (long expected = 2 * LEAST; expected <= MOST; expected *= 2) {
            ahead = lead.next(ahead, false);
            assertEquals(expected, ahead);
        }

        assertEquals(MOST, lead.next(MOST, false));
    }

    @Test
    void doesNotGrowForATargetThatDoesNotTakeAll() {
        Lead lead = new Lead(reserve, MOST);

        assertEquals(LEAST, lead.next(LEAST, true));
    }

    @Test
    void staysTheLeastWhereNoMoreMayBe() {
        Lead lead = new Lead(reserve, LEAST);

        assertEquals(LEAST, lead.next(LEAST, false));
    }

    @Test
    void isTheLeastAndTheReserveForAllTogether() {
        long ahead = 0;
        for (int i = 0; i < 32; i++) {
            Lead lead = new Lead(reserve, MOST);
            long mine = LEAST;
            for (int round = 0; round < 10; round++) {
                mine = lead.next(mine, false);
            }
            assertTrue(mine >= LEAST && mine <= MOST, i + ": " + mine);
            ahead += mine;
        }

        assertEquals(32 * LEAST + 2 * MOST, ahead);
    }

    @Test
    void givesBackWhatASlowTargetTakesWhenTheReserveIsSpent() {
        List<Lead> slow = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Lead lead = new Lead(reserve, MOST);
            lead.next(MOST, false);
            slow.add(lead);
        }
        Lead other = new Lead(reserve, MOST);
        assertEquals(LEAST, other.next(LEAST, false));

        assertEquals(0, slow.get(0).next(LEAST, true));

        assertEquals(2 * LEAST, other.next(LEAST, false));
    }

    @Test
    void leavesWhatItHadToOthersWhenItEnds() {
        Lead first = new Lead(reserve, 4 * MOST);
        assertEquals(4 * MOST, first.next(2 * MOST, false));
        assertTrue(reserve.isSpent());

        first.end();

        assertEquals(0, first.next(LEAST, false));
        assertEquals(2 * MOST, reserve.take(4 * MOST));
    }
}
