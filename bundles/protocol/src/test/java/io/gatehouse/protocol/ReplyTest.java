package io.gatehouse.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.command.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplyTest {
    @Test
    void everyEndIsReadAsItWasWritten() {
        for (Reply reply : List.of(
                new Reply.End(Outcome.done(Map.of("a", List.of(1L)))),
                new Reply.End(Outcome.done(Map.of())),
                new Reply.End(Outcome.refused("bad-argument", "host is missing")),
                new Reply.End(Outcome.failed("timed-out", "after PT5S")),
                new Reply.Running(0.5, "half"))) {
            assertEquals(reply, Reply.read(reply.write()));
        }
    }

    @Test
    void isWrittenAsTheProtocolHasIt() {
        assertEquals(
                "{\"state\":\"failed\",\"problem\":{\"type\":\"timed-out\",\"title\":\"timed out\",\"detail\":\"why\"}}",
                text(new Reply.End(Outcome.failed("timed-out", "why"))));
        assertEquals("{\"state\":\"done\",\"result\":{}}", text(new Reply.End(Outcome.done(Map.of()))));
        assertEquals("{\"state\":\"running\",\"progress\":0.42,\"note\":\"n\"}", text(new Reply.Running(0.42, "n")));
    }

    @Test
    void toleratesWhatMayBeAbsent() {
        assertEquals(new Reply.Running(0, ""), read("{\"state\":\"running\"}"));
        assertEquals(new Reply.End(Outcome.done(Map.of())), read("{\"state\":\"done\"}"));
        assertEquals(
                new Reply.End(new Outcome.Refused(new Problem("x", "", ""))),
                read("{\"state\":\"refused\",\"problem\":{\"type\":\"x\"}}"));
    }

    @Test
    void refusesWhatIsNoReply() {
        for (String text : List.of(
                "{}",
                "{\"state\":\"finished\"}",
                "{\"state\":7}",
                "{\"state\":\"refused\"}",
                "{\"state\":\"failed\",\"problem\":{}}",
                "{\"state\":\"running\",\"progress\":\"half\"}",
                "{\"state\":\"done\",\"result\":[]}")) {
            assertThrows(BadArgument.class, () -> read(text), text);
        }
    }

    @Test
    void artifactRequestIsReadAsItWasWritten() {
        ArtifactRequest request = new ArtifactRequest(Sha256.of(new byte[0]), 1L << 40, 1_048_576, 65_536);
        assertEquals(request, ArtifactRequest.read(request.write()));
    }

    @Test
    void refusesArtifactRequestOutOfItsRange() {
        String good = new String(new ArtifactRequest(Sha256.of(new byte[0]), 0, 10, 5).write(), StandardCharsets.UTF_8);
        refusesRequest(good.replace("\"offset\":0", "\"offset\":-1"), "offset");
        refusesRequest(good.replace("\"length\":10", "\"length\":0"), "length");
        refusesRequest(good.replace("\"chunk\":5", "\"chunk\":65537"), "chunk");
        refusesRequest(good.replace("\"chunk\":5", "\"chunk\":0"), "chunk");
        refusesRequest(good.replace("\"sha256\":\"e3", "\"sha256\":\"E3"), "sha256");
        refusesRequest("{}", "sha256");
    }

    @Test
    void timesAreInUtcWithMilliseconds() {
        assertEquals("2026-03-01T12:00:00.000Z", Times.format(Instant.parse("2026-03-01T12:00:00Z")));
        assertEquals("2026-03-01T12:00:00.123Z", Times.format(Instant.parse("2026-03-01T12:00:00.123999Z")));
    }

    private static void refusesRequest(String text, String named) {
        String message = assertThrows(
                        BadArgument.class, () -> ArtifactRequest.read(text.getBytes(StandardCharsets.UTF_8)), text)
                .getMessage();
        assertTrue(message.contains(named), message);
    }

    private static Reply read(String text) {
        return Reply.read(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(Reply reply) {
        return new String(reply.write(), StandardCharsets.UTF_8);
    }
}
