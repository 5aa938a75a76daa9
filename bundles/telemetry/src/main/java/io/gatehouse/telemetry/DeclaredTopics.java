package io.gatehouse.telemetry;

import io.gatehouse.api.telemetry.Publishes;
import io.gatehouse.protocol.TopicPattern;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleWiring;

/** Where a bundle publishes, as its manifest says: what was looked at when the bundle was let in. */
final class DeclaredTopics {
    private final List<String> topics = new ArrayList<>();

    /** Those of a bundle and its fragments; none of a bundle that is gone. */
    DeclaredTopics(@Nullable Bundle bundle) {
        BundleWiring wiring = bundle == null ? null : bundle.adapt(BundleWiring.class);
        List<BundleCapability> declared = wiring == null ? null : wiring.getCapabilities(Publishes.NAMESPACE);
        if (declared != null) { // it is, where the bundle goes meanwhile
            for (BundleCapability one : declared) {
                topics.addAll(TopicPattern.declared(one.getAttributes()));
            }
        }
    }

    /**
     * Checks a topic.
     *
     * @throws IllegalArgumentException if it is not among them; the message says what helps
     */
    void check(String topic) {
        if (topics.stream().noneMatch(declared -> TopicPattern.covers(declared, topic))) {
            throw new IllegalArgumentException("its bundle's manifest does not declare the topic " + topic + " but "
                    + topics + "; declare it with @Publishes, or as Provide-Capability: " + Publishes.NAMESPACE
                    + ";topic=\"" + topic + "\"");
        }
    }
}
