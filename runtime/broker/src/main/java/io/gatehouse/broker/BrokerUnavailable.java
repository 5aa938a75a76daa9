package io.gatehouse.broker;

import org.jspecify.annotations.Nullable;

/** The broker did not start; the message says what to do about it. */
public final class BrokerUnavailable extends Exception {
    private static final long serialVersionUID = 1;

    BrokerUnavailable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
