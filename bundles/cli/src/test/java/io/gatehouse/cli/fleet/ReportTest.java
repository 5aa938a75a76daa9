package io.gatehouse.cli.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Rollout;
import io.gatehouse.protocol.Scope;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ReportTest {
    private static final String DEVICE = "dwr/311-a1/00-00-00-00-00-01";

    @Test
    void speaksOfAWishWhoseDigestItNames() throws Trouble {
        Wish wish = wish("1");
        Report report =
                read("{\"state\":\"applied\",\"desired\":{\"" + wish.topic() + "\":\"" + wish.digest() + "\"}}");
        assertTrue(report.speaksOf(wish.topic(), wish.digest()));
        assertFalse(report.speaksOf(wish.topic(), wish("2").digest()));
        assertFalse(report.speaksOf("dwr/desired/feature/other", wish.digest()));
    }

    @Test
    void endsInFourStatesOnly() {
        for (String end : new String[] {"applied", "rolled-back", "refused", "failed"}) {
            assertTrue(read("{\"state\":\"" + end + "\"}").ended(), end);
        }
        assertFalse(read("{\"state\":\"applying\"}").ended());
        assertFalse(read("{\"state\":\"waiting\"}").ended());
    }

    @Test
    void doesNotEndForWhatIsLeftOutAsLongAsNobodyCanTell() throws Trouble {
        String topic = wish("1").topic();
        String known = "{\"feature\":\"a:b:1\",\"topic\":\"" + topic
                + "\",\"bundle\":\"com.acme.rain\",\"license\":\"com.acme.rain\"}";
        String unknown = known.replace("}", ",\"problem\":\"no-licensing\"}");
        Report left = read("{\"state\":\"applied\",\"unlicensed\":[" + known + "]}");
        Report waiting = read("{\"state\":\"applied\",\"unlicensed\":[" + unknown + "]}");
        assertTrue(left.ended(topic));
        assertFalse(left.applied(topic));
        assertTrue(left.applied("dwr/desired/feature/other"));
        assertFalse(waiting.ended(topic));
        assertTrue(waiting.ended("dwr/desired/feature/other"));
        assertFalse(waiting.leftOut(topic).get(0).words().contains("does not have"));
    }

    @Test
    void namesTheProblem() {
        Report report = read("{\"state\":\"failed\",\"problem\":{\"type\":\"no-room\",\"detail\":\"5 bytes\"}}");
        assertEquals("no-room", report.problem().orElseThrow().type());
    }

    @Test
    void isReadFromTheReportsTopicOnly() {
        byte[] payload = "{\"state\":\"applied\"}".getBytes(StandardCharsets.UTF_8);
        assertTrue(Report.read(Message.json(DEVICE + "/reported/firmware", payload), Wish.FEATURE)
                .isEmpty());
        assertTrue(Report.read(Message.json("a/b/reported/feature", payload), Wish.FEATURE)
                .isEmpty());
    }

    private static Wish wish(String version) throws Trouble {
        Map<String, Object> spec = Map.of("id", "a:b:" + version);
        return Wish.feature(new Scope("dwr"), "b", new Envelope(Optional.of(spec), Rollout.ALL));
    }

    private static Report read(String payload) {
        return Report.read(
                        Message.json(DEVICE + "/reported/feature", payload.getBytes(StandardCharsets.UTF_8)),
                        Wish.FEATURE)
                .orElseThrow();
    }
}
