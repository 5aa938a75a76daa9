package io.gatehouse.telemetry;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.telemetry.Reading;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Collectors that throw, hang, spin or flood, and those beside them. */
final class UnwellCollectorsTest extends WithRounds {
    @Test
    void tellsOnceOfOneThatThrowsAndOnceThatItRecovered() {
        AtomicInteger asked = new AtomicInteger();
        add(ACME, "throws", "a/throws", () -> {
            if (asked.incrementAndGet() <= 3) {
                throw new IOException("no such sensor: /dev/ttyUSB9");
            }
            return ONE;
        });
        await().until(() -> outbox.at("a/throws").size() >= 2);
        assertEquals(List.of("failing", "recovered"), outbox.statesOf("throws"));
        assertTrue(outbox.causeOf("throws", "failing")
                .startsWith("java.io.IOException: no such sensor: /dev/ttyUSB9 at io.gatehouse"));
        assertEquals("com.acme", outbox.events.get(0).get("bundle"));
        assertEquals("1.0.0", outbox.events.get(0).get("version"));
        assertEquals(3, accounts.of(ACME.id()).balance().failures());
    }

    @Test
    void goesOnWhileOthersThrowWhateverThereIs() {
        add(ACME, "error", "a/error", () -> {
            throw new OutOfMemoryError("pretended");
        });
        add(ACME, "linkage", "a/linkage", () -> {
            throw new NoClassDefFoundError("com/acme/Gone");
        });
        add(ACME, "null", "a/null", () -> null);
        add(ACME, "hostile", "a/hostile", () -> {
            throw new RuntimeException() {
                @Override
                public String getMessage() {
                    throw new IllegalStateException("even its message throws");
                }
            };
        });
        add(ACME, "deep", "a/deep", UnwellCollectorsTest::endless);
        add(OTHER, "steady", "a/steady", () -> ONE);
        Set<String> bad = Set.of("error", "linkage", "null", "hostile", "deep");
        await().until(() -> bad.stream().allMatch(name -> outbox.statesOf(name).equals(List.of("failing"))));
        int sent = outbox.at("a/steady").size();
        await().until(() -> outbox.at("a/steady").size() >= sent + 3);
        assertTrue(outbox.causeOf("error", "failing").startsWith("java.lang.OutOfMemoryError: pretended"));
        assertTrue(outbox.causeOf("deep", "failing").startsWith("java.lang.StackOverflowError"));
        assertTrue(outbox.causeOf("null", "failing").contains("null"));
    }

    @Test
    void interruptsOneThatIsLateAndAsksItAgainLater() {
        AtomicInteger asked = new AtomicInteger();
        add(ACME, "late", "a/late", Duration.ofMillis(100), () -> {
            if (asked.incrementAndGet() == 1) {
                end.await();
            }
            return ONE;
        });
        await().until(() -> !outbox.at("a/late").isEmpty());
        assertEquals("did not end within its deadline of PT0.1S", outbox.causeOf("late", "failing"));
        assertEquals(List.of("failing", "recovered"), outbox.statesOf("late"));
    }

    @Test
    void quarantinesOneThatIgnoresTheInterruptAndGoesOnWithTheOthers() {
        AtomicInteger asked = new AtomicInteger();
        add(ACME, "hung", "a/hung", Duration.ofMillis(100), () -> {
            asked.incrementAndGet();
            return hang();
        });
        add(OTHER, "steady", "a/steady", () -> ONE);
        await().until(() -> outbox.statesOf("hung").equals(List.of("quarantined")));
        assertTrue(outbox.causeOf("hung", "quarantined").contains("deadline of PT0.1S"));
        assertEquals(1, accounts.of(ACME.id()).balance().abandoned());
        int sent = outbox.at("a/steady").size();
        await().until(() -> outbox.at("a/steady").size() >= sent + 5);
        assertEquals(1, asked.get(), "a quarantined collector is not asked again");

        end.countDown();
        await().until(() -> accounts.of(ACME.id()).balance().abandoned() == 0);
        int later = outbox.at("a/steady").size();
        await().until(() -> outbox.at("a/steady").size() >= later + 3);
        assertEquals(1, asked.get(), "also when its thread came back");
        assertEquals(List.of(), outbox.at("a/hung"), "nothing comes of a run that was given up");
    }

    @Test
    void accountsWhatAnAbandonedThreadGoesOnUsing() {
        add(ACME, "spins", "a/spins", Duration.ofMillis(100), this::spin);
        await().until(() -> outbox.statesOf("spins").equals(List.of("quarantined")));
        long cpu = accounts.of(ACME.id()).balance().used().cpu();
        await().until(() -> accounts.of(ACME.id()).balance().used().cpu() > cpu + 50_000_000);
    }

    @Test
    void runsNothingMoreOfABundleOfWhichTwoCollectorsDoNotStop() {
        add(ACME, "hung1", "a/hung1", Duration.ofMillis(100), this::hang);
        add(ACME, "hung2", "a/hung2", Duration.ofMillis(100), this::hang);
        add(ACME, "third", "a/third", () -> ONE);
        await().until(() -> outbox.statesOf("third").contains("quarantined"));
        add(ACME, "fourth", "a/fourth", () -> ONE);
        assertEquals(List.of("quarantined"), outbox.statesOf("fourth"));
        add(ACME_UPDATED, "fifth", "a/fifth", () -> ONE);
        await().until(() -> outbox.at("a/fifth").size() >= 2);
        assertEquals(List.of(), outbox.at("a/fourth"));
    }

    @Test
    void goesOnWhenMoreThreadsDoNotStopThanIsAllowedFor() {
        for (int bundle = 0; bundle < 3; bundle++) {
            Owner owner = new Owner(100 + bundle, "com.hung" + bundle, "1.0.0", 1);
            add(owner, "hung" + bundle + "a", "a/hung", Duration.ofMillis(100), this::hang);
            add(owner, "hung" + bundle + "b", "b/hung", Duration.ofMillis(100), this::hang);
        }
        await().until(() -> outbox.events.stream()
                        .filter(body -> "quarantined".equals(body.get("state")))
                        .count()
                == 6);
        add(OTHER, "steady", "a/steady", () -> ONE);
        await().until(() -> outbox.at("a/steady").size() >= 3);
    }

    @Test
    void refusesAReadingThatIsTooLarge() {
        add(ACME, "large", "a/large", () -> Reading.of("blob", "x".repeat(70_000)));
        await().until(() -> outbox.statesOf("large").equals(List.of("failing")));
        assertTrue(outbox.causeOf("large", "failing").contains("larger than 65536 bytes"));
        assertEquals(List.of(), outbox.at("a/large"));
    }

    @Test
    void holdsBackABundleThatFloods() {
        String half = "x".repeat(60_000);
        for (int at = 0; at < 8; at++) {
            add(ACME, "flood" + at, "a/flood" + at, () -> Reading.of("blob", half));
        }
        add(OTHER, "steady", "a/steady", () -> ONE);
        await().until(() -> outbox.events.stream()
                .anyMatch(body -> String.valueOf(body.get("cause")).contains("bytes a second")));
        int sent = outbox.at("a/steady").size();
        await().until(() -> outbox.at("a/steady").size() >= sent + 3);
        assertEquals(List.of(), outbox.statesOf("steady"));
    }

    private static Reading endless() {
        return endless();
    }

    private Reading spin() {
        long sum = 0;
        while (end.getCount() > 0) {
            sum++;
        }
        return Reading.of("sum", sum);
    }
}
