package io.gatehouse.transport.mqtt;

/** There is no connection; the message says why, in words for an operator. */
final class LinkFailure extends Exception {
    private static final long serialVersionUID = 1;

    LinkFailure(String why) {
        super(why);
    }

    LinkFailure(String why, Throwable cause) {
        super(why, cause);
    }
}
