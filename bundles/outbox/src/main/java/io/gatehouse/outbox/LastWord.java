package io.gatehouse.outbox;

import io.gatehouse.software.ChangeWatcher;
import io.gatehouse.software.Verdict;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Hears that the process is about to be ended, since a bundle holds the framework and nobody can be stopped any more. So what waits
 * in memory is written, and nothing is lost.
 */
@Component
public final class LastWord implements ChangeWatcher {
    private final DeviceOutbox outbox;

    @Activate
    public LastWord(@Reference DeviceOutbox outbox) {
        this.outbox = outbox;
    }

    @Override
    public void begins(Step step) {
        // Nothing is in danger: whoever is stopped leaves what waits to whoever comes next.
    }

    @Override
    public void ended(Verdict verdict) {
        if (verdict.state() == Verdict.State.RESTARTING) {
            outbox.keepAll();
        }
    }
}
