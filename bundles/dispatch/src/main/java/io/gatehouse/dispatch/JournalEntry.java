package io.gatehouse.dispatch;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.Base64Url;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.Reply;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A command that was begun.
 *
 * @param fingerprint of its topic and payload
 * @param topic where it came
 * @param name which command
 * @param id its Correlation Data, base64url
 * @param reply where its answer is awaited
 * @param signed who signed it, and until when it is good
 * @param end how it ended
 * @param told whether that is with the outbox, which does not lose it
 */
record JournalEntry(
        String fingerprint,
        String topic,
        String name,
        String id,
        Optional<String> reply,
        Call.Signed signed,
        Optional<Reply.End> end,
        boolean told) {
    private static final String UNTOLD = "untold";

    static JournalEntry of(Call call, String fingerprint) {
        return new JournalEntry(
                fingerprint,
                call.message().topic(),
                call.name(),
                call.id(),
                call.message().responseTopic(),
                call.signed().orElseThrow(),
                Optional.empty(),
                false);
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws BadArgument if it is something else
     */
    static JournalEntry read(byte[] bytes) {
        Members members = Json.read(bytes);
        return new JournalEntry(
                members.string("fingerprint"),
                members.string("topic"),
                members.string("name"),
                members.string("id"),
                members.optionalString("reply"),
                new Call.Signed(
                        members.string("kid"),
                        members.integer("iat", 0, Long.MAX_VALUE),
                        members.integer("exp", 0, Long.MAX_VALUE)),
                members.optionalObject("end").map(end -> (Reply.End) Reply.read(Json.write(end.values()))),
                !members.has(UNTOLD));
    }

    byte[] write() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("fingerprint", fingerprint);
        members.put("topic", topic);
        members.put("name", name);
        members.put("id", id);
        reply.ifPresent(at -> members.put("reply", at));
        members.put("kid", signed.kid());
        members.put("iat", signed.issued());
        members.put("exp", signed.expires());
        end.ifPresent(ended -> members.put("end", Reply.write(ended.outcome())));
        if (!told) {
            members.put(UNTOLD, true);
        }
        return Json.write(members);
    }

    JournalEntry ended(Reply.End how) {
        return new JournalEntry(fingerprint, topic, name, id, reply, signed, Optional.of(how), false);
    }

    JournalEntry asTold() {
        return new JournalEntry(fingerprint, topic, name, id, reply, signed, end, true);
    }

    /** The command, as far as it must be known to answer it. */
    Call call() {
        Message message =
                Message.json(topic, new byte[0]).answering(Base64Url.decode(id).orElseThrow());
        Message answered = reply.map(
                        at -> message.answeredAt(at, message.correlation().orElseThrow()))
                .orElse(message);
        return new Call(answered, name, id, Optional.of(signed));
    }
}
