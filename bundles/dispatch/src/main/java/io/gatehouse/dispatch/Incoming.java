package io.gatehouse.dispatch;

import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.Topic;

/** What arrived, on its way through the stations of {@link Dispatcher}. */
sealed interface Incoming permits Call, Incoming.Settled, Incoming.Wish, Incoming.Data, Incoming.Nothing {
    /** A command that is not run, as its end is known. */
    record Settled(Call call, Outcome end) implements Incoming {}

    /** What should be so. */
    record Wish(Topic.Desired topic, Message message) implements Incoming {}

    /** For whoever receives at this topic below the device's own name. */
    record Data(String below, Message message) implements Incoming {}

    /** Nothing that is to be acted on. */
    enum Nothing implements Incoming {
        NOTHING
    }
}
