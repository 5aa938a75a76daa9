package io.gatehouse.transport.mqtt;

/** A message can never be sent to this broker; the message of this says why, in words for an operator. */
final class Unsendable extends Exception {
    private static final long serialVersionUID = 1;

    Unsendable(String why) {
        super(why);
    }

    Unsendable(String why, Throwable cause) {
        super(why, cause);
    }
}
