package io.gatehouse.software;

import org.osgi.annotation.versioning.ConsumerType;

/** Is told how a change goes; a service. The call returns at once. */
@ConsumerType
public interface ChangeWatcher {
    /** A step begins. */
    void begins(Step step);

    /** The change ended. Told also to a watcher that came while the change went on. */
    void ended(Verdict verdict);

    /** The steps of a change, in order; the last only where it failed. */
    enum Step {
        APPLY,
        PROVE,
        COMMIT,
        PUT_BACK
    }
}
