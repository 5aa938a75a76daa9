package io.gatehouse.software;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Keeps something in step with the document; a service. Called with the target after its bundles are in place and before
 * they start, and with the document before it where the change is put back. One that comes later finds the document in
 * {@link Software#document()}.
 */
@ConsumerType
@FunctionalInterface
public interface Follower {
    void follow(Document document);
}
