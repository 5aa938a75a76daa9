package io.gatehouse.outbox;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outgoing;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;

/**
 * The way out as one bundle has it. When that bundle goes, what it took and neither sent nor gave back is given back: a transport
 * that does not do what it should is replaced by one that does, and that one is to find everything.
 */
@Component(service = Outgoing.class, scope = ServiceScope.BUNDLE)
public final class Exit implements Outgoing {
    private final Outgoing queue;
    private final Set<Handed> handed = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    @Activate
    public Exit(@Reference DeviceOutbox outbox) {
        this((Outgoing) outbox);
    }

    Exit(Outgoing queue) {
        this.queue = queue;
    }

    @Deactivate
    void close() {
        closed = true;
        handed.forEach(Handed::returned);
    }

    @Override
    public Parcel take() throws InterruptedException {
        requireOpen();
        Handed parcel = new Handed(queue.take());
        handed.add(parcel);
        if (closed) { // while it waited: whoever comes next has it before anything newer
            parcel.returned();
        }
        requireOpen();
        return parcel;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException(
                    "whoever takes this was stopped: what goes out is for the transport after it");
        }
    }

    /** A parcel that this bundle has. Only the first call counts. */
    private final class Handed implements Parcel {
        private final Parcel parcel;

        Handed(Parcel parcel) {
            this.parcel = parcel;
        }

        @Override
        public Message message() {
            return parcel.message();
        }

        @Override
        public void acknowledged() {
            if (handed.remove(this)) {
                parcel.acknowledged();
            }
        }

        @Override
        public void returned() {
            if (handed.remove(this)) {
                parcel.returned();
            }
        }

        @Override
        public void refused(String why) {
            if (handed.remove(this)) {
                parcel.refused(why);
            }
        }
    }
}
