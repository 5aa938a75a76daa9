package io.gatehouse.dispatch;

import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.device.Device;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outbox;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.trust.Jws;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;

/** A dispatcher between an outbox that remembers and a clock that is moved by hand. */
final class Gateway implements Outbox {
    static final String D = "dwr/311/7";
    static final Instant NOW = Instant.parse("2026-01-02T03:04:05.006Z");

    final Map<String, String> properties = new HashMap<>();
    final BlockingQueue<Message> sent = new LinkedBlockingQueue<>();
    /** What becomes of what is sent. */
    volatile Consumer<Message> door = sent::add;

    final BlockingQueue<Said> events = new LinkedBlockingQueue<>();
    final BlockingQueue<Said> reports = new LinkedBlockingQueue<>();
    final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final List<Alarm> alarms = new CopyOnWriteArrayList<>();
    private final Map<ServiceReference<?>, Object> services = new HashMap<>();
    private final Set<Bundle> guests = new HashSet<>();
    /** Of the framework; its process ends in order where it is {@link Bundle#STOPPING}. */
    volatile int framework = Bundle.ACTIVE;

    final Device device;
    final MovedClock clock = new MovedClock(NOW);
    final MemoryStore store;
    /** What the image or the enrollment gave. */
    volatile Optional<String> root = Optional.of(Signer.ROOT.kid());
    /** One more second for each envelope of all gateways: of two signed in one second the second is refused. */
    private static final AtomicLong LAST_SIGNED =
            new AtomicLong(NOW.minus(Duration.ofDays(1)).getEpochSecond());

    /** Each gateway is another process. */
    private static final AtomicLong LAST_BOOT = new AtomicLong(0xdeadbeefL);

    final Dispatcher dispatcher;

    record Said(String name, Map<String, ?> body) {
        Members members() {
            return Members.of(body);
        }
    }

    private record Alarm(long at, Runnable task) {}

    Gateway(Path state) {
        this(state, D, "world/asia");
    }

    Gateway(Path state, String name, String place) {
        this(state, name, place, new MemoryStore());
    }

    /** One that trusts the operator. */
    Gateway(Path state, String name, String place, MemoryStore store) {
        this(state, FakeDevice.booted(name, place), store);
        receive(Signer.trust(Signer.document(1), signingTime()));
        pass(Duration.ZERO);
        reports.clear();
    }

    private Gateway(Path state, Device device, MemoryStore store) {
        properties.put("gatehouse.state", state.toString());
        properties.put("gatehouse.firmware", "V2.03B01");
        this.device = device;
        this.store = store;
        dispatcher = again();
    }

    /** One that trusts nobody yet. */
    static Gateway stranger(Path state, MemoryStore store) {
        return new Gateway(state, FakeDevice.booted(D, "world/asia"), store);
    }

    static Instant signingTime() {
        return Instant.ofEpochSecond(LAST_SIGNED.incrementAndGet());
    }

    /** Another dispatcher in the same place and process, as after a replacement. */
    Dispatcher again() {
        return new Dispatcher(
                new Dispatcher.Place(device, this, store, () -> root, guests::contains, context()),
                Duration.ofDays(7),
                this::after,
                nanos::get,
                new KnownTime(clock, store, context()));
    }

    // --- what others would do

    /** Signed by the operator where nobody did. */
    void receive(Message message) {
        boolean isSigned = message.properties().first(Jws.PROPERTY).isPresent();
        receiveAsItIs(isSigned ? message : signed(message));
    }

    Message signed(Message message) {
        if (message.topic().contains("/cmd/")) {
            return Signer.sign(Signer.OPERATOR, message, clock.instant());
        }
        return Signer.sign(Signer.OPERATOR, message, signingTime());
    }

    void receiveAsItIs(Message message) {
        try {
            dispatcher.receive(message);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    ServiceReference<CommandHandler> handle(String command, CommandHandler handler) {
        return handle(dispatcher, command, handler, null);
    }

    /** For another dispatcher than its first one. */
    ServiceReference<CommandHandler> handle(Dispatcher other, String command, CommandHandler handler) {
        return handle(other, command, handler, null);
    }

    /** As a bundle that is held to a vendor's bounds would, and that was installed early. */
    ServiceReference<CommandHandler> handleAsGuest(String command, CommandHandler handler) {
        Bundle guest = fake(Bundle.class, (method, args) -> 1L);
        guests.add(guest);
        return handle(dispatcher, command, handler, guest);
    }

    private ServiceReference<CommandHandler> handle(
            Dispatcher whose, String command, CommandHandler handler, @Nullable Bundle bundle) {
        @SuppressWarnings("unchecked")
        ServiceReference<CommandHandler> reference =
                (ServiceReference<CommandHandler>) fake(ServiceReference.class, (method, args) -> switch (method) {
                    case "getProperty" -> command;
                    case "getBundle" -> bundle;
                    default -> null;
                });
        services.put(reference, handler);
        whose.addHandler(reference);
        return reference;
    }

    /** Lets time pass; what is due in it is done, in this thread. */
    void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
        clock.pass(time);
        for (Alarm alarm : alarms) {
            if (alarm.at() - nanos.get() <= 0 && alarms.remove(alarm)) {
                alarm.task().run();
            }
        }
    }

    int alarms() {
        return alarms.size();
    }

    Message next() throws InterruptedException {
        Message message = sent.poll(10, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("nothing was sent in 10 seconds");
        }
        return message;
    }

    Members reply() throws InterruptedException {
        return Json.read(next().payload());
    }

    Said event() throws InterruptedException {
        Said said = events.poll(10, TimeUnit.SECONDS);
        if (said == null) {
            throw new AssertionError("no event in 10 seconds");
        }
        return said;
    }

    static Message command(String name, String arguments, String id) {
        return Message.json(D + "/cmd/" + name, bytes(arguments)).answeredAt("reply/me", bytes(id));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    // --- the outbox

    @Override
    public void observation(String topic, Instant at, Map<String, ?> body, boolean alsoAtPlace) {
        throw new AssertionError("dispatch observes nothing");
    }

    @Override
    public void event(String name, Map<String, ?> body) {
        events.add(new Said(name, Json.read(Json.write(body)).values()));
    }

    @Override
    public void report(String resource, Map<String, ?> body) {
        reports.add(new Said(resource, Json.read(Json.write(body)).values()));
    }

    @Override
    public void send(Message message) {
        door.accept(message);
    }

    private Runnable after(Duration delay, Runnable task) {
        Alarm alarm = new Alarm(nanos.get() + delay.toNanos(), task);
        alarms.add(alarm);
        return () -> alarms.remove(alarm);
    }

    private BundleContext context() {
        Bundle bundle = fake(Bundle.class, (method, args) -> switch (method) {
            case "getVersion" -> Version.parseVersion("1.2.3.X");
            case "getHeaders" -> new Hashtable<>(Map.of("Gatehouse-Built", "2026-01-01T00:00:00Z"));
            default -> throw new UnsupportedOperationException(method);
        });
        Bundle system = fake(Bundle.class, (method, args) -> switch (method) {
            case "getState" -> framework;
            default -> throw new UnsupportedOperationException(method);
        });
        return fake(BundleContext.class, (method, args) -> switch (method) {
            case "getProperty" -> properties.get((String) args[0]);
            case "getBundle" -> args == null ? bundle : system;
            case "getService" -> services.get((ServiceReference<?>) args[0]);
            default -> throw new UnsupportedOperationException(method);
        });
    }

    private interface Does {
        Object call(String method, Object[] args);
    }

    private static <T> T fake(Class<T> type, Does does) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> switch (method.getName()) {
                    case "equals" -> proxy == args[0];
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "toString" -> "a fake " + type.getSimpleName();
                    default -> does.call(method.getName(), args);
                }));
    }

    private record FakeDevice(String name, Optional<String> place, String boot) implements Device {
        static FakeDevice booted(String name, String place) {
            return new FakeDevice(name, Optional.of(place), String.format("%016x", LAST_BOOT.incrementAndGet()));
        }

        @Override
        public List<String> scopes() {
            return io.gatehouse.protocol.DeviceName.parse(name).scopes(place);
        }
    }
}
