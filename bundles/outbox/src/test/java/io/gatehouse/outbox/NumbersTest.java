package io.gatehouse.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Numbers that wait, against a set. */
class NumbersTest {
    @Test
    void areAsASortedSetWouldHaveThem() {
        Random random = new Random(4);
        Numbers numbers = new Numbers();
        TreeSet<Long> expected = new TreeSet<>();
        long last = 0;
        for (int i = 0; i < 50_000; i++) {
            int what = random.nextInt(10);
            if (what < (i / 5000 % 2 == 0 ? 6 : 4)) {
                numbers.add(++last);
                expected.add(last);
            } else if (what < 8 && !expected.isEmpty()) {
                long first = numbers.takeFirst();
                assertEquals(expected.pollFirst(), first);
                if (random.nextInt(3) == 0) {
                    int more = expected.size() > 2 ? random.nextInt(2) : 0;
                    long second = more == 0 ? 0 : numbers.takeFirst();
                    numbers.add(first);
                    if (more == 1) {
                        numbers.add(second);
                    }
                    expected.add(first);
                }
            } else if (!expected.isEmpty()) {
                long any = expected.first() + random.nextInt(5);
                numbers.remove(any);
                expected.remove(any);
            }
            assertEquals(expected.isEmpty(), numbers.isEmpty());
            if (!expected.isEmpty()) {
                assertEquals(expected.first(), numbers.first());
            }
        }
        while (!expected.isEmpty()) {
            assertEquals(expected.pollFirst(), numbers.takeFirst());
        }
    }
}
