package io.gatehouse.transport.mqtt;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What does not go well over one link, each said once: what a broker does not allow once it does not allow the next time
 * either.
 */
final class Complaints {
    private static final Logger LOG = System.getLogger(Complaints.class.getName());
    private static final int MOST = 32;

    private final Set<String> said = ConcurrentHashMap.newKeySet();

    void dropped(String topic, String why) {
        say("messages at " + topic + " are dropped", why);
    }

    void say(String what, String why) {
        if (said.size() < MOST && said.add(what)) {
            LOG.log(Level.ERROR, "{0}: {1}", what, why);
        }
    }
}
