package io.gatehouse.dispatch;

import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.Topic;
import io.gatehouse.protocol.trust.LastAccepted;

/** What arrived, on its way through the stations of {@link Dispatcher}. */
sealed interface Incoming
        permits Call,
                Incoming.Settled,
                Incoming.CutShort,
                Incoming.Wish,
                Incoming.Admitted,
                Incoming.Data,
                Incoming.Nothing {
    /** A command that is not run, as its end is known. */
    record Settled(Call call, Outcome end) implements Incoming {}

    /** A command that was being run when a process before this one ended. */
    record CutShort(Call call) implements Incoming {}

    /** What somebody says should be so. */
    record Wish(Topic.Desired topic, Message message) implements Incoming {}

    /**
     * What should be so, as somebody signed who may.
     *
     * @param accepted to be kept with it
     */
    record Admitted(Wish wish, LastAccepted accepted) implements Incoming {}

    /** For whoever receives at this topic below the device's own name. */
    record Data(String below, Message message) implements Incoming {}

    /** Nothing that is to be acted on. */
    enum Nothing implements Incoming {
        NOTHING
    }
}
