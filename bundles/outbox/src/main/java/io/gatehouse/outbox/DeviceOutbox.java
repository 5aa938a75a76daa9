package io.gatehouse.outbox;

import io.gatehouse.api.device.Device;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outbox;
import io.gatehouse.api.message.Outgoing;
import io.gatehouse.api.store.Store;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.Names;
import io.gatehouse.protocol.Times;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;

/** The one door out: gives what goes out its topic, its stamp and its place in the queue. */
@Component(
        service = {Outbox.class, DeviceOutbox.class},
        configurationPid = "io.gatehouse.outbox",
        immediate = true)
public final class DeviceOutbox implements Outbox, Outgoing {
    /** No device has more collectors. */
    private static final int MOST_CHECKED = 256;

    /** What is of use for no longer than this is not worth a write to flash. */
    private static final Duration SHORT = Duration.ofSeconds(10);

    private final Device device;
    private final Clock clock;
    private final Queue queue;
    /** Topics of observations that were found to be such, and the whole of each: they come again and again. */
    private final Map<String, String> checked = new ConcurrentHashMap<>();

    /** The settings. */
    @interface Settings {
        /** How much may wait, on flash and in memory together; the store has to have a share that is a little larger. */
        long bytes() default 8_000_000;

        /** How many seconds of observations a power cut may cost; 0: none, each is written at once. */
        int seconds() default 10;

        /** How many observations a second leave of those that waited for more than 10 s; 0: as many as can. */
        int drain() default 200;

        /** How many bytes of what was acknowledged are kept in memory for {@code resend}. */
        long tail() default 131_072;
    }

    @Activate
    public DeviceOutbox(@Reference Device device, @Reference Store store, @Reference Clock clock, Settings settings) {
        this(device, store, limits(settings), clock, System::nanoTime, Later.ofJava());
        // elsewhere, so that the connection to the broker is being made meanwhile
        Later.ofJava().after(Duration.ZERO, this::load);
    }

    DeviceOutbox(Device device, Store store, Limits limits, Clock clock, LongSupplier nanos, Later later) {
        this.device = device;
        this.clock = clock;
        Stamp stamp = new Stamp(device.name(), device.boot());
        queue = new Queue(
                new Flash(store), limits, stamp, (name, body) -> event(name, clock.instant(), body), nanos, later);
    }

    @Modified
    void modified(Settings settings) {
        queue.limits(limits(settings));
    }

    /** Leaves what waits to the next outbox, of this process or another. */
    @Deactivate
    void deactivate() {
        queue.close();
    }

    /** Takes over what an outbox before this one left; until then whoever has something for it waits. */
    void load() {
        queue.load();
    }

    @Override
    public void observation(String topic, Instant at, Map<String, ?> body, boolean alsoAtPlace) {
        String whole = checked.get(topic);
        byte[] payload = payload(at, body);
        List<Message> same = new ArrayList<>(2);
        same.add(Message.json(whole == null ? check(topic) : whole, payload));
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
        queue.put(
                Rank.ANSWER, Message.json(topic, payload(clock.instant(), body)).retained());
    }

    @Override
    public void send(Message message) {
        queue.put(isWorthKeeping(message) ? Rank.ANSWER : Rank.PASSING, message);
    }

    @Override
    public Parcel take() throws InterruptedException {
        return queue.take();
    }

    /** From now on all is on flash as soon as it is put, and what waits is too: the process may end at any moment. */
    void keepAll() {
        queue.keepAll();
    }

    /** Puts again what of these observations and events is still had. */
    Resent resend(Span span) throws IOException {
        return queue.resend(span);
    }

    /** Replies and what is retained; whoever asks for something asks again. */
    private static boolean isWorthKeeping(Message message) {
        boolean isAnswer = message.retain() || message.topic().startsWith("reply/");
        boolean isShort =
                message.expiry().filter(time -> time.compareTo(SHORT) <= 0).isPresent();
        return isAnswer && !isShort && Keeper.fits(message.payload().length);
    }

    private Message event(String name, Instant at, Map<String, ?> body) {
        return Message.json(device.name() + "/event/" + name, payload(at, body));
    }

    private String check(String topic) {
        if (!Names.isObservation(topic)) {
            throw new IllegalArgumentException("observation \"" + topic + "\" must be " + Names.OBSERVATION);
        }
        String whole = device.name() + "/" + topic;
        if (checked.size() < MOST_CHECKED) {
            checked.put(topic, whole);
        }
        return whole;
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

    private static Limits limits(Settings settings) {
        return Limits.of(settings.bytes(), settings.seconds(), settings.drain(), settings.tail());
    }
}
