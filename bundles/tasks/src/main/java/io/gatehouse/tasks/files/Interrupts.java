package io.gatehouse.tasks.files;

import java.nio.channels.ClosedByInterruptException;

/** What an interrupt is while a channel is used. */
final class Interrupts {
    private Interrupts() {}

    static InterruptedException of(ClosedByInterruptException e) {
        Thread.interrupted();
        InterruptedException interrupted = new InterruptedException("no longer wanted");
        interrupted.initCause(e);
        return interrupted;
    }
}
