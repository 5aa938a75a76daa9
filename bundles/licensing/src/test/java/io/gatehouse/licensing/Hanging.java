package io.gatehouse.licensing;

import java.util.concurrent.CountDownLatch;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;

/** A component that comes to no end of starting, or of stopping, until it is let go: the framework calls both in the same way as Declarative Services do. */
final class Hanging implements AutoCloseable {
    final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);
    private final BundleContext context;
    private final ServiceListener listener = this::changed;
    private final int at;

    private Hanging(BundleContext context, int at) {
        this.context = context;
        this.at = at;
    }

    /**
     * Waits for a condition.
     *
     * @param at the {@link ServiceEvent} at which it hangs
     */
    static Hanging at(int at, String id, BundleContext context) throws InvalidSyntaxException {
        Hanging hanging = new Hanging(context, at);
        context.addServiceListener(hanging.listener, "(osgi.condition.id=" + id + ")");
        return hanging;
    }

    private void changed(ServiceEvent event) {
        if (event.getType() == at) {
            begun.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    void letGo() {
        end.countDown();
    }

    @Override
    public void close() {
        context.removeServiceListener(listener);
        letGo();
    }
}
