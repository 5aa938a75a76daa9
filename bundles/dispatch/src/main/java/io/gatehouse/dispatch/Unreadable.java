package io.gatehouse.dispatch;

import io.gatehouse.protocol.Topic;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What is on flash and cannot be read: something is wanted, and nobody knows what.
 *
 * @param topic nothing where it is the whole folder
 */
record Unreadable(Optional<Topic.Desired> topic, Path file, String why) {
    boolean isOf(Topic.Desired other) {
        return topic.equals(Optional.of(other));
    }

    boolean concerns(String resource) {
        return topic.isEmpty() || topic.get().resource().equals(resource);
    }

    boolean isSameAs(Unreadable other) {
        return file.equals(other.file());
    }

    /** What is wrong, what that means, and what helps. */
    String detail() {
        String means = topic.map(it -> "resource \"" + it.resource()
                        + "\" stays as it is until the file can be read or a document is published at " + it
                        + " again; delete the file if nothing is wanted there any more")
                .orElse("all resources stay as they are until it can be; mend what it lies on, or delete it");
        return "cannot read " + file + ": " + why + "; " + means;
    }
}
