package io.gatehouse.api.message;

import org.osgi.annotation.versioning.ProviderType;

/** What waits to leave, as a transport sees it. One transport takes at a time. */
@ProviderType
public interface Outgoing {
    /**
     * The next message by priority; waits until there is one. Topics of observations take turns, and what waited for more than
     * 10 s leaves no faster than a setting says.
     */
    Parcel take() throws InterruptedException;

    /** A message on its way. Exactly one of its methods is called, once, from any thread. */
    @ProviderType
    interface Parcel {
        Message message();

        /** The broker has it: forget it. */
        void acknowledged();

        /** It may not have arrived: it takes its old place in the queue. */
        void returned();

        /**
         * It cannot be sent, however often: it is let go, and counted as such.
         *
         * @param why for people
         */
        void refused(String why);
    }
}
