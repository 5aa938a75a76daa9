package io.gatehouse.terminal.stream;

import io.gatehouse.api.device.Device;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outbox;
import io.gatehouse.api.message.Receiver;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/** Carries frames by the outbox, in memory only, and by receivers that are services while their door is there. */
final class MqttCarrier implements Carrier {
    private static final Logger LOG = System.getLogger(MqttCarrier.class.getName());

    /** As long as the outbox takes something for passing; a frame that comes later is made up for long since. */
    private static final Duration USE = Duration.ofSeconds(10);

    private final BundleContext context;
    private final Outbox outbox;
    private final Device device;

    MqttCarrier(BundleContext context, Outbox outbox, Device device) {
        this.context = context;
        this.outbox = outbox;
        this.device = device;
    }

    @Override
    public Runnable receive(String topic, Receiver receiver) {
        ServiceRegistration<Receiver> registration = context.registerService(
                Receiver.class, receiver, FrameworkUtil.asDictionary(Map.of("gatehouse.receives", topic)));
        return () -> unregister(registration);
    }

    @Override
    public void send(String topic, byte[] frame) {
        try {
            outbox.send(Message.bytes(device.name() + "/" + topic, frame).expiring(USE));
        } catch (IllegalStateException e) {
            LOG.log(Level.DEBUG, "the outbox is being replaced, and a frame at " + topic + " is lost", e);
        }
    }

    private static void unregister(ServiceRegistration<Receiver> registration) {
        try {
            registration.unregister();
        } catch (IllegalStateException e) {
            // the bundle was stopped first, and took its services along
        }
    }
}
