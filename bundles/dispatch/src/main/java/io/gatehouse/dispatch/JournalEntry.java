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
 * @param signed who signed it, and until when it is good
 * @param boot which process runs it; nothing where it ended
 * @param end how it ended
 * @param told whether that is with the outbox, which does not lose it
 */
record JournalEntry(
        String fingerprint,
        Asked asked,
        Call.Signed signed,
        Optional<String> boot,
        Optional<Reply.End> end,
        boolean told) {
    private static final String UNTOLD = "untold";

    /**
     * What it says, as far as it must be known to answer it.
     *
     * @param topic where it came
     * @param name which command
     * @param id its Correlation Data, base64url
     * @param reply where its answer is awaited
     */
    record Asked(String topic, String name, String id, Optional<String> reply) {}

    static JournalEntry of(Call call, String fingerprint, String boot) {
        return new JournalEntry(
                fingerprint,
                new Asked(
                        call.message().topic(),
                        call.name(),
                        call.id(),
                        call.message().responseTopic()),
                call.signed().orElseThrow(),
                Optional.of(boot),
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
                new Asked(
                        members.string("topic"),
                        members.string("name"),
                        members.string("id"),
                        members.optionalString("reply")),
                new Call.Signed(
                        members.string("kid"),
                        members.integer("iat", 0, Long.MAX_VALUE),
                        members.integer("exp", 0, Long.MAX_VALUE)),
                members.optionalString("boot"),
                members.optionalObject("end").map(end -> (Reply.End) Reply.read(Json.write(end.values()))),
                !members.has(UNTOLD));
    }

    byte[] write() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("fingerprint", fingerprint);
        members.put("topic", asked.topic());
        members.put("name", asked.name());
        members.put("id", asked.id());
        asked.reply().ifPresent(at -> members.put("reply", at));
        members.put("kid", signed.kid());
        members.put("iat", signed.issued());
        members.put("exp", signed.expires());
        boot.ifPresent(process -> members.put("boot", process));
        end.ifPresent(ended -> members.put("end", Reply.write(ended.outcome())));
        if (!told) {
            members.put(UNTOLD, true);
        }
        return Json.write(members);
    }

    JournalEntry ended(Reply.End how) {
        return new JournalEntry(fingerprint, asked, signed, Optional.empty(), Optional.of(how), false);
    }

    JournalEntry asTold() {
        return new JournalEntry(fingerprint, asked, signed, boot, end, true);
    }

    /** The command, as far as it must be known to answer it. */
    Call call() {
        Message message = Message.json(asked.topic(), new byte[0])
                .answering(Base64Url.decode(asked.id()).orElseThrow());
        Message answered = asked.reply()
                .map(at -> message.answeredAt(at, message.correlation().orElseThrow()))
                .orElse(message);
        return new Call(answered, asked.name(), asked.id(), Optional.of(signed));
    }
}
