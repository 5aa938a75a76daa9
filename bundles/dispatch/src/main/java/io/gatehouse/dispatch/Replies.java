package io.gatehouse.dispatch;

import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outbox;
import io.gatehouse.protocol.Reply;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Says to whoever sent a command how it goes, where they may be answered. */
final class Replies {
    private static final String FIRST_LEVEL = "reply/";

    private final Outbox outbox;
    private final SecurityEvents security;

    Replies(Outbox outbox, SecurityEvents security) {
        this.outbox = outbox;
        this.security = security;
    }

    void progress(Call call, double ratio, String note) {
        if (call.wantsProgress() && isReply(call.message().responseTopic().orElse(""))) {
            send(call, new Reply.Running(ratio, note));
        }
    }

    void end(Call call, Outcome outcome) {
        Optional<String> responseTopic = call.message().responseTopic();
        if (responseTopic.isEmpty()) {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("command", call.name());
            body.put("topic", call.message().topic());
            call.identity().ifPresent(id -> body.put("id", id));
            body.putAll(Reply.write(outcome));
            outbox.event("command", body);
        } else if (isReply(responseTopic.get())) {
            send(call, new Reply.End(outcome));
        } else {
            security.tell(
                    "response-topic",
                    "a command at \"" + call.message().topic() + "\" asks for its answer at \"" + responseTopic.get()
                            + "\", which is not under reply/; it gets none");
        }
    }

    private void send(Call call, Reply reply) {
        Message message = Message.json(call.message().responseTopic().orElseThrow(), reply.write())
                .expiring(call.memory());
        outbox.send(call.message().correlation().map(message::answering).orElse(message));
    }

    private static boolean isReply(String topic) {
        return topic.startsWith(FIRST_LEVEL)
                && topic.length() > FIRST_LEVEL.length()
                && topic.chars().noneMatch(character -> character == '+' || character == '#' || character == 0);
    }
}
