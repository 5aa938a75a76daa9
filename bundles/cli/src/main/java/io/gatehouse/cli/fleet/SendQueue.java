package io.gatehouse.cli.fleet;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outgoing;
import java.util.Comparator;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/** What this program has to say, in order; whoever puts a message here learns when the broker has it. */
final class SendQueue implements Outgoing {
    private static final int USUAL = 16;

    private final AtomicLong next = new AtomicLong();
    private final BlockingQueue<Waiting> waiting =
            new PriorityBlockingQueue<>(USUAL, Comparator.comparingLong(parcel -> parcel.number));

    CompletableFuture<Void> put(Message message) {
        Waiting parcel = new Waiting(next.getAndIncrement(), message);
        waiting.add(parcel);
        return parcel.done;
    }

    @Override
    public Parcel take() throws InterruptedException {
        return waiting.take();
    }

    private final class Waiting implements Parcel {
        private final long number;
        private final Message message;
        private final CompletableFuture<Void> done = new CompletableFuture<>();

        Waiting(long number, Message message) {
            this.number = number;
            this.message = message;
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
            waiting.add(this);
        }

        @Override
        public void refused(String why) {
            done.completeExceptionally(new IllegalStateException(why));
        }
    }
}
