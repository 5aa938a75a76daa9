package io.gatehouse.outbox;

import io.gatehouse.api.device.Device;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outbox;
import io.gatehouse.api.message.Outgoing;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.Names;
import io.gatehouse.protocol.Times;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;

/** The one door out: gives what goes out its topic, its stamp and its place in the queue. */
@Component(
        service = {Outbox.class, Outgoing.class},
        configurationPid = "io.gatehouse.outbox",
        immediate = true)
public final class DeviceOutbox implements Outbox, Outgoing {
    private static final System.Logger LOG = System.getLogger(DeviceOutbox.class.getName());

    /** No device has more collectors. */
    private static final int MOST_CHECKED = 256;

    private final Device device;
    private final Clock clock;
    private final Queue queue;
    /** Topics of observations that were found to be such: they come again and again. */
    private final Set<String> checked = ConcurrentHashMap.newKeySet();

    /** The settings. */
    @interface Settings {
        /** How much may wait, counted with what each message takes beside its payload. */
        long bytes() default 4_194_304;
    }

    @Activate
    public DeviceOutbox(@Reference Device device, Settings settings, BundleContext context) {
        this(device, bytes(settings), Clock.systemUTC(), System::nanoTime);
        handoverFile(context).ifPresent(this::resume);
    }

    DeviceOutbox(Device device, long bytes, Clock clock, LongSupplier nanos) {
        this.device = device;
        this.clock = clock;
        Stamp stamp = new Stamp(device.name(), device.boot());
        queue = new Queue(new MemoryShelf(), bytes, stamp, body -> event("outbox", clock.instant(), body), nanos);
    }

    @Modified
    void modified(Settings settings) {
        queue.bound(bytes(settings));
    }

    /** Leaves what waits to the next outbox, unless the process ends. */
    @Deactivate
    void deactivate(BundleContext context) {
        if (context.getBundle(0).getState() != Bundle.STOPPING) {
            handoverFile(context).ifPresent(this::handOver);
        }
    }

    @Override
    public void observation(String topic, Instant at, Map<String, ?> body, boolean alsoAtPlace) {
        if (!checked.contains(topic)) {
            check(topic);
        }
        byte[] payload = payload(at, body);
        List<Message> same = new ArrayList<>(2);
        same.add(Message.json(device.name() + "/" + topic, payload));
        if (alsoAtPlace) {
            String name = topic.substring(topic.lastIndexOf('/') + 1);
            device.place().ifPresent(place -> same.add(Message.json(place + "/" + name, payload)));
        }
        queue.putNumbered(Rank.OBSERVATION, same);
    }

    @Override
    public void event(String name, Map<String, ?> body) {
        queue.putNumbered(Rank.EVENT, List.of(event(one("event", name), clock.instant(), body)));
    }

    @Override
    public void report(String resource, Map<String, ?> body) {
        String topic = device.name() + "/reported/" + one("resource", resource);
        queue.put(Message.json(topic, payload(clock.instant(), body)).retained());
    }

    @Override
    public void send(Message message) {
        queue.put(message);
    }

    @Override
    public Parcel take() throws InterruptedException {
        return queue.take();
    }

    void resume(Path file) {
        try {
            Handover.take(file, device.boot()).ifPresent(queue::resume);
        } catch (IOException | IllegalArgumentException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot read what the outbox before this one left at " + file, e);
        }
    }

    void handOver(Path file) {
        Handover handover = queue.handOver();
        try {
            handover.write(file);
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "cannot leave " + handover.items().size() + " messages to the next outbox at " + file
                            + "; they are lost",
                    e);
        }
    }

    private Message event(String name, Instant at, Map<String, ?> body) {
        return Message.json(device.name() + "/event/" + name, payload(at, body));
    }

    private void check(String topic) {
        if (!Names.isObservation(topic)) {
            throw new IllegalArgumentException("observation \"" + topic + "\" must be " + Names.OBSERVATION);
        }
        if (checked.size() < MOST_CHECKED) {
            checked.add(topic);
        }
    }

    private static String one(String kind, String name) {
        if (Names.levels(kind, name).size() != 1) {
            throw new IllegalArgumentException(kind + " \"" + name + "\" must be one level, without '/'");
        }
        return name;
    }

    private static byte[] payload(Instant at, Map<String, ?> body) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("at", Times.format(at));
        body.forEach(members::putIfAbsent);
        return Json.write(members);
    }

    private static long bytes(Settings settings) {
        if (settings.bytes() < 1) {
            throw new IllegalArgumentException(
                    "io.gatehouse.outbox: bytes must be 1 or more, for example 4194304: " + settings.bytes());
        }
        return settings.bytes();
    }

    /** In the bundle's scratch folder, which outlives an update of the bundle. */
    private static Optional<Path> handoverFile(BundleContext context) {
        return Optional.ofNullable(context.getDataFile("waiting")).map(File::toPath);
    }
}
