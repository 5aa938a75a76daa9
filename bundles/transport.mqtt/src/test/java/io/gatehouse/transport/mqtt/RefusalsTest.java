package io.gatehouse.transport.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outgoing.Parcel;
import io.gatehouse.transport.mqtt.Refusals.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RefusalsTest {
    private final Later later = new Later(Thread.currentThread().getThreadGroup());
    private final Refusals refusals = new Refusals(later, Duration.ofMillis(1));
    private final Refusals patient = new Refusals(later, Duration.ofMinutes(1));
    private final List<String> returned = new CopyOnWriteArrayList<>();

    @AfterEach
    void end() {
        later.end();
    }

    @Test
    void returnsAMessageAfterAPause() {
        assertEquals(Verdict.LATER, refusals.refused(parcel("a")));
        await().until(() -> returned.equals(List.of("a")));
        patient.refused(parcel("b"));
        await().during(WithBroker.NOTHING_MORE).until(() -> returned.equals(List.of("a")));
    }

    @Test
    void givesUpAMessageThatIsRefusedWhileOthersAreTaken() {
        for (int time = 1; time < Refusals.TRIES; time++) {
            assertEquals(Verdict.LATER, patient.refused(parcel("poison")), "at the " + time + ". time");
            patient.taken(message("another " + time));
        }
        assertEquals(Verdict.NEVER, patient.refused(parcel("poison")));
        assertEquals(Verdict.LATER, patient.refused(parcel("poison")), "it is forgotten, and begins anew");
    }

    @Test
    void neverGivesUpWhereNothingElseIsTaken() {
        for (int time = 1; time < 10 * Refusals.TRIES; time++) {
            assertEquals(Verdict.LATER, patient.refused(parcel("perhaps good")));
        }
    }

    @Test
    void blamesTheBrokerWhereManyAreRefusedAndGivesNoneOfThemUp() {
        for (int time = 1; time < 3 * Refusals.TRIES; time++) {
            for (int i = 0; i < Refusals.MOST; i++) {
                assertEquals(Verdict.LATER, patient.refused(parcel("good " + i)));
            }
            assertEquals(Verdict.TOO_MANY, patient.refused(parcel("one more")));
            patient.returnAll();
            patient.taken(message("another " + time));
        }
    }

    @Test
    void returnsAllAtOnceWhenALinkEnds() {
        patient.refused(parcel("a"));
        patient.refused(parcel("b"));
        patient.returnAll();
        assertEquals(List.of("a", "b"), returned);
        patient.returnAll();
        assertEquals(List.of("a", "b"), returned);
    }

    @Test
    void forgetsWhatWasTakenInTheEnd() {
        for (int time = 1; time < 3 * Refusals.TRIES; time++) {
            assertEquals(Verdict.LATER, patient.refused(parcel("slow")));
            patient.taken(message("slow"));
        }
    }

    @Test
    void knowsAMessageByItsTopicToo() {
        for (int time = 1; time < Refusals.TRIES; time++) {
            patient.refused(parcel(Somebody.text("up/poison", "same")));
            patient.taken(message("another"));
        }
        assertEquals(Verdict.LATER, patient.refused(parcel(Somebody.text("up/good", "same"))));
        assertEquals(Verdict.NEVER, patient.refused(parcel(Somebody.text("up/poison", "same"))));
    }

    private static Message message(String text) {
        return Somebody.text("up", text);
    }

    private Parcel parcel(String text) {
        return parcel(message(text));
    }

    private Parcel parcel(Message message) {
        return new Parcel() {
            @Override
            public Message message() {
                return message;
            }

            @Override
            public void acknowledged() {
                throw new AssertionError("the broker did not take it");
            }

            @Override
            public void returned() {
                returned.add(new String(message.payload()));
            }

            @Override
            public void refused(String why) {
                throw new AssertionError("that is the link's to say");
            }
        };
    }
}
