package io.gatehouse.cli.fleet;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outgoing;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingDeque;

/** What this program has to say, in order; whoever puts a message here learns when the broker has it. */
final class SendQueue implements Outgoing {
    private final BlockingDeque<Waiting> waiting = new LinkedBlockingDeque<>();

    CompletableFuture<Void> put(Message message) {
        Waiting parcel = new Waiting(message, new CompletableFuture<>());
        waiting.addLast(parcel);
        return parcel.done;
    }

    @Override
    public Parcel take() throws InterruptedException {
        return waiting.takeFirst();
    }

    private final class Waiting implements Parcel {
        private final Message message;
        private final CompletableFuture<Void> done;

        Waiting(Message message, CompletableFuture<Void> done) {
            this.message = message;
            this.done = done;
        }

        @Override
        public Message message() {
            return message;
        }

        @Override
        public void acknowledged() {
            done.complete(null);
        }

        @Override
        public void returned() {
            waiting.addFirst(this);
        }
    }
}
