package io.gatehouse.terminal.stream;

import io.gatehouse.api.message.Receiver;

/** What carries frames between a door and the broker. */
interface Carrier {
    /** Has the broker's messages at this topic, below the device's own name, received; to be run once, when no more are. */
    Runnable receive(String topic, Receiver receiver);

    /** Sends a frame to this topic, below the device's own name, without waiting; it may get lost. */
    void send(String topic, byte[] frame);
}
