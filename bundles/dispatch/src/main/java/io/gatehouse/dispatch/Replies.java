package io.gatehouse.dispatch;

import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outbox;
import io.gatehouse.api.message.UserProperties;
import io.gatehouse.protocol.Reply;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Says to whoever sent a command how it goes, where they may be answered. */
final class Replies {
    private static final String FIRST_LEVEL = "reply/";

    /** So many answers a minute go to those who could not say who they are: they can ask for as many as they like. */
    private static final int STRANGERS = 60;

    /** How far a command is, or a part of what it sends, is of no use for longer; the outbox keeps nothing on flash that is gone so soon. */
    private static final Duration OVERTAKEN = Duration.ofSeconds(10);

    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final Outbox outbox;
    private final SecurityEvents security;
    private final LongSupplier nanos;

    // guarded by this
    private long minute;
    private int strangers;

    Replies(Outbox outbox, SecurityEvents security, LongSupplier nanos) {
        this.outbox = outbox;
        this.security = security;
        this.nanos = nanos;
        this.minute = nanos.getAsLong();
    }

    void progress(Call call, double ratio, String note) {
        if (call.wantsProgress() && isReply(call.message().responseTopic().orElse(""))) {
            send(call, new Reply.Running(ratio, note), OVERTAKEN);
        }
    }

    void end(Call call, Outcome outcome) {
        Optional<String> responseTopic = call.message().responseTopic();
        if (call.signed().isEmpty() && (responseTopic.isEmpty() || !mayAnswerStranger())) {
            return; // the security event says it
        }
        if (responseTopic.isEmpty()) {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("command", call.name());
            body.put("topic", call.message().topic());
            body.put("id", call.id());
            body.putAll(Reply.write(outcome));
            outbox.event("command", body);
        } else if (isReply(responseTopic.get())) {
            send(call, new Reply.End(outcome), call.life());
        } else {
            security.tell(
                    "response-topic",
                    "a command at \"" + call.message().topic() + "\" asks for its answer at \"" + responseTopic.get()
                            + "\", which is not under reply/; it gets none");
        }
    }

    /** Where nobody may be answered it goes nowhere. */
    void data(Call call, byte[] bytes, Map<String, String> properties) {
        String topic = call.message().responseTopic().orElse("");
        if (isReply(topic)) {
            send(call, Message.bytes(topic, bytes).with(UserProperties.of(properties)), OVERTAKEN);
        }
    }

    private void send(Call call, Reply reply, Duration expiry) {
        send(call, Message.json(call.message().responseTopic().orElseThrow(), reply.write()), expiry);
    }

    private void send(Call call, Message message, Duration expiry) {
        Message expiring = message.expiring(expiry);
        outbox.send(call.message().correlation().map(expiring::answering).orElse(expiring));
    }

    private synchronized boolean mayAnswerStranger() {
        long now = nanos.getAsLong();
        if (now - minute >= MINUTE) {
            minute = now;
            strangers = 0;
        }
        strangers++;
        return strangers <= STRANGERS;
    }

    private static boolean isReply(String topic) {
        return topic.startsWith(FIRST_LEVEL)
                && topic.length() > FIRST_LEVEL.length()
                && topic.chars().noneMatch(character -> character == '+' || character == '#' || character == 0);
    }
}
