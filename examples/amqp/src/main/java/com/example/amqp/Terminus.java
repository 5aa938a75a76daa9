package com.example.amqp;

import org.apache.qpid.protonj2.types.Symbol;
import org.apache.qpid.protonj2.types.messaging.Source;
import org.apache.qpid.protonj2.types.messaging.Target;
import org.apache.qpid.protonj2.types.messaging.TerminusDurability;
import org.apache.qpid.protonj2.types.messaging.TerminusExpiryPolicy;

/** Where links begin and end (AMQP 1.0, 3.5). */
final class Terminus {
    /** To Artemis: whoever subscribes gets a message, and not one of them only. */
    private static final Symbol TOPIC = Symbol.valueOf("topic");

    private Terminus() {}

    /** This side, as one that sends. */
    static Source source() {
        return new Source();
    }

    /** This side, as one that receives. */
    static Target target() {
        return new Target();
    }

    /** Whatever topic a message names. */
    static Target anyTopic() {
        return new Target().setCapabilities(TOPIC);
    }

    /**
     * What is published at an address, which may have wildcards.
     *
     * @param kept whether the broker goes on to collect it while nobody is connected
     */
    static Source subscription(String address, boolean kept) {
        return new Source()
                .setAddress(address)
                .setCapabilities(TOPIC)
                .setDurable(kept ? TerminusDurability.UNSETTLED_STATE : TerminusDurability.NONE)
                .setExpiryPolicy(kept ? TerminusExpiryPolicy.NEVER : TerminusExpiryPolicy.LINK_DETACH);
    }
}
