package io.gatehouse.dispatch;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.desired.DesiredResource;
import io.gatehouse.api.device.Device;
import io.gatehouse.api.message.Endpoint;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outbox;
import io.gatehouse.api.message.Receiver;
import io.gatehouse.api.store.Store;
import io.gatehouse.protocol.Reply;
import io.gatehouse.protocol.Topic;
import io.gatehouse.protocol.trust.Admission.Reason;
import io.gatehouse.protocol.trust.Anchor;
import io.gatehouse.software.Software;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** The path of everything that comes in. */
@Component(service = Endpoint.class, configurationPid = "io.gatehouse.dispatch", immediate = true)
public final class Dispatcher implements Endpoint {
    private static final System.Logger LOG = System.getLogger(Dispatcher.class.getName());
    /** The topic below the device's own name at which it sends messages to itself. */
    static final String SELF = "self";

    /** Where streams come in. One subscription for all: a kept session would collect those of streams that are long gone. */
    private static final String STREAM = "stream/";

    private static final String STREAMS = STREAM + "+/in";

    private static final int LONGEST_CLIENT_ID = 128;

    /** For ends that are on their way to the outbox, which may go next. */
    private static final Duration LONGEST_TELLING = Duration.ofSeconds(2);

    private final BundleContext context;
    private final Device device;
    private final Outbox outbox;
    private final Duration sessionExpiry;
    private final Status status;
    private final Decoder decoder;
    private final Gatekeeper gatekeeper;
    private final Postponed postponed = new Postponed();
    private final AtomicBoolean awaitsClock = new AtomicBoolean();
    private final Timer timer;
    private final Journal journal;
    private final Replies replies;
    private final Commands commands;
    private final Predicate<Bundle> guests;
    private final Wishes wishes;
    private final Telling telling = new Telling();
    private final Receivers receivers = new Receivers();
    /** Does nothing while there is no connection. */
    private volatile Runnable filtersChanged = () -> {};

    /** The settings. */
    @interface Settings {
        /** How long the broker keeps what arrives while the device is away; ISO 8601. */
        String sessionExpiry() default "P7D";
    }

    /**
     * Who and what a dispatcher works for.
     *
     * @param guests bundles that are held to a vendor's bounds; the others are of the house
     */
    record Place(
            Device device,
            Outbox outbox,
            Store store,
            Anchor anchor,
            Predicate<Bundle> guests,
            BundleContext context) {}

    @Activate
    public Dispatcher(
            @Reference Device device,
            @Reference Outbox outbox,
            @Reference Store store,
            @Reference Anchor anchor,
            @Reference KnownTime time,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL) @Nullable Software software,
            Settings settings,
            BundleContext context) {
        this(
                new Place(device, outbox, store, anchor, guests(software), context),
                duration(settings.sessionExpiry()),
                Timer.ofJava(),
                System::nanoTime,
                time);
    }

    Dispatcher(Place place, Duration sessionExpiry, Timer timer, LongSupplier nanos, KnownTime time) {
        this.context = place.context();
        this.device = place.device();
        this.outbox = place.outbox();
        this.sessionExpiry = sessionExpiry;
        this.timer = timer;
        SecurityEvents security = new SecurityEvents(outbox, nanos);
        status = new Status(device, runtime(context), firmware(context), time.clock());
        decoder = new Decoder(device, security);
        wishes = new Wishes(
                device, outbox, security, new WishFiles(state(context).resolve("desired")), timer);
        Trusted trusted = new Trusted(outbox, place.store(), wishes::signedBy, this::admitPostponedSoon);
        wishes.add(Trusted.RESOURCE, trusted);
        gatekeeper = new Gatekeeper(place.anchor(), time, security, trusted, wishes::last, this::postpone);
        journal = new Journal(place.store(), time, device.boot());
        replies = new Replies(outbox, security, nanos);
        Bundle framework = context.getBundle(Constants.SYSTEM_BUNDLE_ID);
        commands = new Commands(replies, timer, nanos, () -> framework.getState() == Bundle.STOPPING);
        guests = place.guests();
        Runnable ignored =
                timer.after(Duration.ZERO, this::tellUntold); // it reads the store, which opens beside connecting
    }

    @Deactivate
    void deactivate() {
        journal.stop();
        commands.stop();
        telling.awaitNone(LONGEST_TELLING);
        wishes.stop();
    }

    @Override
    public void receive(Message message) throws InterruptedException {
        try {
            reply(route(deduplicate(gatekeeper.admit(decoder.decode(message)))));
        } catch (RuntimeException e) { // whatever anybody sends, the next message is to come in all the same
            LOG.log(System.Logger.Level.ERROR, "cannot handle the message at " + message.topic(), e);
        }
    }

    /** A command that came before is not run again. What a wish repeats is found where its signature is checked. */
    private Incoming deduplicate(Incoming incoming) {
        return incoming instanceof Call call ? journal.admit(call) : incoming;
    }

    private Answer route(Incoming incoming) throws InterruptedException {
        if (incoming instanceof Call call) {
            return new Answer.End(call, kept(call, commands.run(call)));
        } else if (incoming instanceof Incoming.CutShort left) {
            return new Answer.End(left.call(), kept(left.call(), commands.resume(left.call())));
        } else if (incoming instanceof Incoming.Settled settled) {
            return new Answer.End(settled.call(), CompletableFuture.completedFuture(Optional.of(settled.end())));
        } else if (incoming instanceof Incoming.Admitted admitted) {
            return wishes.accept(admitted);
        } else if (incoming instanceof Incoming.Data data) {
            receivers.receive(data.below(), data.message());
        }
        return Answer.Silence.SILENCE;
    }

    /** What ended is on flash before it is told. */
    private CompletionStage<Optional<Outcome>> kept(Call call, CompletionStage<Optional<Outcome>> end) {
        return end.thenApply(outcome -> {
            outcome.ifPresent(how -> journal.ended(call, new Reply.End(how)));
            return outcome;
        });
    }

    private void reply(Answer answer) {
        if (answer instanceof Answer.End end) {
            telling.begins();
            var unused = end.outcome()
                    .thenAccept(outcome -> outcome.ifPresent(how -> tell(end.call(), how)))
                    .whenComplete((none, failure) -> {
                        telling.ends();
                        if (failure != null) {
                            LOG.log(
                                    System.Logger.Level.ERROR,
                                    "cannot answer command " + end.call().id(),
                                    failure);
                        }
                    });
        } else if (answer instanceof Answer.Report report) {
            outbox.report(report.resource(), report.body());
        }
    }

    /** What ended in the process before this one, or by its end. */
    private void tellUntold() {
        telling.begins();
        try {
            for (Incoming untold : journal.untold()) {
                reply(route(untold));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // whoever comes next tells it
        } finally {
            telling.ends();
        }
    }

    private void tell(Call call, Outcome outcome) {
        replies.end(call, outcome);
        journal.told(call, outcome);
    }

    /** Another trust document may let it in, or a clock that was set, which nobody tells. */
    private void postpone(Incoming.Wish wish, Reason reason) {
        postponed.put(wish);
        if (reason == Reason.NOT_YET && awaitsClock.compareAndSet(false, true)) {
            Runnable ignored = timer.after(Wishes.AGAIN, this::admitPostponed);
        }
    }

    /** Not at once: whoever says so is in the midst of something. */
    private void admitPostponedSoon() {
        Runnable ignored = timer.after(Duration.ZERO, this::admitPostponed);
    }

    private void admitPostponed() {
        awaitsClock.set(false);
        for (Incoming.Wish wish : postponed.takeAll()) {
            try {
                reply(route(gatekeeper.admitNow(wish)));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return; // the process or this bundle ends, and the broker has it still
            } catch (RuntimeException e) { // as above
                LOG.log(System.Logger.Level.ERROR, "cannot handle the message at " + wish.topic(), e);
            }
        }
    }

    @Override
    public String clientId() {
        String id = "gatehouse-" + device.name().replace('/', ':');
        return id.length() <= LONGEST_CLIENT_ID
                ? id
                : "gatehouse-" + Sha256.of(device.name().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Duration sessionExpiry() {
        return sessionExpiry;
    }

    @Override
    public List<String> filters() {
        Set<String> filters = new LinkedHashSet<>();
        device.scopes().forEach(scope -> filters.addAll(Topic.filters(scope)));
        filters.add(device.name() + "/" + SELF);
        filters.add(device.name() + "/artifact/data");
        filters.add(device.name() + "/" + STREAMS);
        receivers.topics().stream()
                .filter(below -> !below.startsWith(STREAM))
                .forEach(below -> filters.add(device.name() + "/" + below));
        return List.copyOf(filters);
    }

    @Override
    public Optional<Message> online() {
        return Optional.of(status.online());
    }

    @Override
    public Optional<Message> will() {
        return Optional.of(status.will());
    }

    @Override
    public void connected(Runnable filtersChanged) {
        LOG.log(System.Logger.Level.INFO, "connected as " + clientId());
        this.filtersChanged = filtersChanged;
        filtersChanged.run(); // a receiver may have come since the transport asked for the filters
    }

    @Override
    public void disconnected(String why) {
        filtersChanged = () -> {};
        LOG.log(System.Logger.Level.WARNING, "not connected: " + why);
    }

    @Reference(
            service = CommandHandler.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            target = "(gatehouse.command=*)")
    void addHandler(ServiceReference<CommandHandler> handler) {
        String command = String.valueOf(handler.getProperty("gatehouse.command"));
        Bundle bundle = handler.getBundle();
        commands.add(new Handlers.Registered(
                command,
                handler,
                new Held<>(context, handler),
                bundle == null ? Long.MAX_VALUE : bundle.getBundleId(),
                bundle != null && guests.test(bundle)));
    }

    void removeHandler(ServiceReference<CommandHandler> handler) {
        commands.remove(handler);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            target = "(gatehouse.resource=*)")
    void addResource(DesiredResource resource, Map<String, ?> properties) {
        wishes.add(String.valueOf(properties.get("gatehouse.resource")), resource);
    }

    void removeResource(DesiredResource resource) {
        wishes.remove(resource);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            target = "(gatehouse.receives=*)")
    void addReceiver(Receiver receiver, Map<String, ?> properties) {
        receivers.add(String.valueOf(properties.get("gatehouse.receives")), receiver);
        filtersChanged.run();
    }

    void removeReceiver(Receiver receiver) {
        receivers.remove(receiver);
    }

    /** Without a launcher there are none. */
    private static Predicate<Bundle> guests(@Nullable Software software) {
        return software == null ? bundle -> false : software::isHeld;
    }

    private static Duration duration(String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "io.gatehouse.dispatch: sessionExpiry must be a duration such as P7D or PT12H: " + text, e);
        }
    }

    private static Path state(BundleContext context) {
        String state = context.getProperty("gatehouse.state");
        if (state == null || state.isBlank()) {
            throw new IllegalStateException(
                    "framework property gatehouse.state must name the folder for what outlives a power cut: " + state);
        }
        return Path.of(state);
    }

    private static String runtime(BundleContext context) {
        Version own = context.getBundle().getVersion();
        return Optional.ofNullable(context.getProperty("gatehouse.runtime"))
                .orElseGet(() -> own.getMajor() + "." + own.getMinor() + "." + own.getMicro());
    }

    private static Optional<String> firmware(BundleContext context) {
        return Optional.ofNullable(context.getProperty("gatehouse.firmware"))
                .filter(version -> !version.isBlank())
                .or(() -> Status.osVersion(Path.of("/etc/os-release")));
    }
}
