package io.gatehouse.outbox;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outgoing;
import java.util.concurrent.atomic.AtomicBoolean;

/** A letter on its way. Only the first call counts: a transport that closes may race with its broker's acknowledgement. */
final class Loan implements Outgoing.Parcel {
    private final Queue queue;
    private final Letter letter;
    private final Message message;
    private final AtomicBoolean ended = new AtomicBoolean();

    Loan(Queue queue, Letter letter, Message message) {
        this.queue = queue;
        this.letter = letter;
        this.message = message;
    }

    @Override
    public Message message() {
        return message;
    }

    @Override
    public void acknowledged() {
        if (ended.compareAndSet(false, true)) {
            queue.acknowledged(letter);
        }
    }

    @Override
    public void returned() {
        if (ended.compareAndSet(false, true)) {
            queue.returned(letter);
        }
    }

    @Override
    public void refused(String why) {
        if (ended.compareAndSet(false, true)) {
            queue.refused(letter, why);
        }
    }
}
