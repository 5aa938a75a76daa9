package io.gatehouse.terminal;

import io.gatehouse.api.artifact.Artifacts;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.api.device.Attester;
import io.gatehouse.api.device.Device;
import io.gatehouse.api.message.Outbox;
import io.gatehouse.protocol.Base64Url;
import io.gatehouse.protocol.DeviceName;
import io.gatehouse.protocol.Times;
import io.gatehouse.protocol.reach.TerminalStatement;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.AnyService;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** The terminals that are open on this device, whatever their doors are: who may have one, how many there are, and that all end. */
@Component(service = Terminals.class, configurationPid = Terminals.PID)
public final class Terminals {
    static final String PID = "io.gatehouse.terminal";

    private static final Logger LOG = System.getLogger(Terminals.class.getName());
    private static final int ID_BYTES = 9;

    /** Longer than the patience of all that is waited for when a terminal ends, one after the other. */
    private static final Duration LONGEST_END = Duration.ofSeconds(30);

    private final Outbox outbox;
    private final Device device;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final @Nullable Settings settings;
    private final String fault;
    private final Tools tools;
    private final Presence presence;
    private final Map<String, Terminal> open = new LinkedHashMap<>();
    private boolean isClosed;

    /** The framework's shell, while it is installed. */
    private volatile @Nullable Object gogo;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    volatile @Nullable Attester attester;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    volatile @Nullable Artifacts artifacts;

    /** What can be configured. Durations are as in ISO 8601. */
    @interface Config {
        /** Whether whoever may send commands to this device may have a terminal on it. */
        boolean permitted() default false;

        /** Whether that may be one of the framework's shell, too. */
        boolean gogo() default true;

        /** The program of a terminal, by its absolute path, and its arguments. */
        String[] command() default {"/bin/sh", "-l"};

        /** Whose terminal it is; empty for the gateway's own user. */
        String user() default "";

        /** What is set in its environment beside the usual, each as {@code NAME=value}. */
        String[] environment() default {};

        /** How many terminals are open at once. */
        int most() default 2;

        /** How long a terminal is open that was asked for without a {@code ttl}. */
        String ttl() default "PT1H";

        /** The longest {@code ttl} that may be asked for. */
        String longest() default "PT8H";

        /** How long it stays open without a byte either way. */
        String idle() default "PT15M";

        /** How long it waits for whoever asked. */
        String unused() default "PT2M";

        /** Whether every session is recorded. */
        boolean record() default false;

        /** Bytes of one recording. */
        long recordLimit() default 1 << 20;

        /** How long a recording is kept. */
        String recordLife() default "P7D";
    }

    @Activate
    public Terminals(BundleContext context, Config config, @Reference Outbox outbox, @Reference Device device) {
        this(Presence.of(context), config, outbox, device);
    }

    Terminals(Presence presence, Config config, Outbox outbox, Device device) {
        Settings read = null;
        String wrong = "";
        try {
            read = Settings.of(config);
        } catch (IllegalArgumentException e) {
            wrong = "configuration " + PID + ": " + e.getMessage();
            LOG.log(Level.ERROR, "there will be no terminal: {0}", wrong);
        }
        this.settings = read;
        this.fault = wrong;
        this.outbox = outbox;
        this.device = device;
        this.presence = presence;
        this.tools = Tools.ofThisMachine();
        this.clock = Clock.systemUTC();
    }

    Terminals(Settings settings, Tools tools, Presence presence, Outbox outbox, Device device) {
        this.settings = settings;
        this.fault = "";
        this.outbox = outbox;
        this.device = device;
        this.presence = presence;
        this.tools = tools;
        this.clock = Clock.systemUTC();
    }

    /** Gogo comes. It is known here by its name alone: where it is not installed there are no types of its. */
    @Reference(
            service = AnyService.class,
            target = "(objectClass=org.apache.felix.service.command.CommandProcessor)",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC)
    void setGogo(Object processor) {
        gogo = processor;
    }

    /** Gogo goes, and its shells with it. */
    void unsetGogo(Object processor) {
        if (gogo == processor) {
            gogo = null;
        }
        all().stream().filter(Terminal::isGogo).forEach(terminal -> terminal.end("stopped"));
    }

    /** All end, and nothing of them is left when this returns; what does not end in time is named in the log. */
    @Deactivate
    void close() {
        synchronized (this) {
            isClosed = true;
        }
        List<Terminal> last = all();
        last.forEach(terminal -> terminal.end("stopped"));
        long until = System.nanoTime() + LONGEST_END.toNanos();
        try {
            for (Terminal terminal : last) {
                if (!terminal.awaitEnd(Duration.ofNanos(until - System.nanoTime()))) {
                    LOG.log(Level.WARNING, "terminal {0} does not end, and is left to itself", terminal.id());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // they end by themselves
        }
    }

    /**
     * Opens a terminal, as the command's arguments {@code mode} and {@code ttl} say, with a door to it.
     *
     * @param maker called once, where a terminal may be opened
     * @throws io.gatehouse.api.command.BadArgument where an argument will not do
     * @throws IOException where the door cannot be made; nothing is left then, whatever is thrown
     */
    public Outcome open(Invocation invocation, Door.Maker maker) throws IOException {
        if (settings == null) {
            return Outcome.refused("bad-configuration", fault);
        }
        Mode mode = Mode.of(invocation.arguments());
        Duration ttl = ttl(invocation.arguments(), settings.limits());
        Optional<Outcome> refusal = refusal(mode, settings);
        return refusal.isPresent() ? refusal.get() : open(invocation, mode, ttl, maker, settings);
    }

    private Outcome open(Invocation invocation, Mode mode, Duration ttl, Door.Maker maker, Settings valid)
            throws IOException {
        String user = mode == Mode.SHELL ? valid.login().owner() : System.getProperty("user.name", "");
        Optional<String> by = invocation.signature().map(Desired.Signature::kid);
        Terminal.Opening opening = new Terminal.Opening(newId(), mode, user, ttl, clock.instant(), by, invocation.id());
        Terminal terminal = new Terminal(opening, new House(mode, valid));
        synchronized (this) {
            if (isClosed) {
                return Outcome.refused("unavailable", "the bundle that opens terminals is being stopped; ask again");
            }
            if (open.size() >= valid.limits().most()) {
                return Outcome.refused(
                        "too-many",
                        open.size() + " terminals are open, and no more may be; close one by terminal.close, or see"
                                + " configuration " + PID + ": most");
            }
            open.put(terminal.id(), terminal);
            presence.of(open.size());
        }
        boolean isOpen = false;
        try {
            Door door = maker.make(terminal);
            terminal.open(door);
            Outcome opened = Outcome.done(answer(invocation, terminal, door));
            isOpen = true;
            return opened;
        } finally {
            if (!isOpen) { // whatever it was, a class that is missing or memory too
                terminal.abandon();
            }
        }
    }

    /** Ends a terminal, and all that runs in it. */
    Outcome close(String id) throws InterruptedException {
        Terminal terminal;
        synchronized (this) {
            terminal = open.get(id);
        }
        if (terminal == null) {
            return Outcome.refused(
                    "unknown-terminal", "no terminal " + id + " is open; terminal.list names those that are");
        }
        terminal.end("closed");
        return terminal.awaitEnd(LONGEST_END)
                ? Outcome.done(terminal.told())
                : Outcome.failed(
                        "not-ended",
                        "terminal " + id + " has not ended within " + LONGEST_END.toSeconds()
                                + " s and goes on to; see the device's log, and ask again");
    }

    synchronized List<Terminal> all() {
        return new ArrayList<>(open.values());
    }

    private Map<String, Object> answer(Invocation invocation, Terminal terminal, Door door) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("id", terminal.id());
        answer.putAll(door.answer());
        answer.put("until", Times.format(terminal.until()));
        Attester by = attester;
        if (by != null) {
            TerminalStatement statement = new TerminalStatement(
                    DeviceName.parse(device.name()), invocation.id(), door.askersKey(), door.devicesKey());
            answer.put(TerminalStatement.MEMBER, statement.attest(by));
        }
        return answer;
    }

    private Optional<Outcome> refusal(Mode mode, Settings valid) {
        boolean isPermitted = valid.permitted() && (mode != Mode.GOGO || valid.gogo());
        if (!isPermitted) {
            String setting = valid.permitted() ? "gogo" : "permitted";
            return Optional.of(Outcome.refused(
                    "not-permitted",
                    "no terminal of mode " + mode.word() + " may be opened on this device; configuration " + PID + ": "
                            + setting));
        }
        if (valid.recording().isPresent() && artifacts == null) {
            return Optional.of(Outcome.refused(
                    "unavailable",
                    "every session is to be recorded, and there is no store for recordings; configuration " + PID
                            + ": record"));
        }
        return programs(mode, valid)
                .map(Programs::lacking)
                .orElse(Optional.of("this device has no Gogo: install the bundles org.apache.felix.gogo.runtime and"
                        + " org.apache.felix.gogo.command as a feature"))
                .map(lacking -> Outcome.refused("unavailable", lacking));
    }

    private Optional<Programs> programs(Mode mode, Settings valid) {
        return mode == Mode.SHELL
                ? Optional.of(new Shells(tools, valid.login()))
                : Optional.ofNullable(gogo).map(GogoShells::new);
    }

    private static Duration ttl(Members arguments, Limits limits) {
        Duration ttl = arguments.optionalDuration("ttl").orElse(limits.ttl());
        if (ttl.isNegative() || ttl.isZero() || ttl.compareTo(limits.longest()) > 0) {
            throw arguments.wrong("ttl", ttl, "longer than nothing, and at most " + limits.longest());
        }
        return ttl;
    }

    private String newId() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return Base64Url.encode(bytes);
    }

    private synchronized void forget(Terminal terminal) {
        open.remove(terminal.id());
        presence.of(open.size());
    }

    /** What one terminal needs of all this. */
    private final class House implements Surroundings {
        private final Mode mode;
        private final Settings valid;

        House(Mode mode, Settings valid) {
            this.mode = mode;
            this.valid = valid;
        }

        @Override
        public Limits limits() {
            return valid.limits();
        }

        @Override
        public Program start(Programs.Start start) throws IOException, InterruptedException {
            Programs programs = Terminals.this
                    .programs(mode, valid)
                    .orElseThrow(() -> new IOException("the framework's shell was taken away meanwhile"));
            return programs.start(start);
        }

        @Override
        public Optional<Recording> recording(Terminal.Opening opening, String term, Size size) throws IOException {
            if (valid.recording().isEmpty()) {
                return Optional.empty();
            }
            Artifacts store = artifacts;
            if (store == null) {
                throw new IOException("every session is to be recorded, and there is no store for recordings");
            }
            String shell = mode == Mode.SHELL ? valid.login().command().get(0) : mode.word();
            String title = device.name() + " " + opening.id()
                    + opening.by().map(by -> " by " + by).orElse("");
            Recording.Header header = new Recording.Header(size, clock.instant(), term, shell, title);
            return Optional.of(
                    new Recording(store.draft(), header, valid.recording().get(), System::nanoTime));
        }

        @Override
        public void tell(Map<String, ?> event) {
            try {
                outbox.event("terminal", event);
            } catch (IllegalStateException e) {
                LOG.log(Level.WARNING, "the outbox is being replaced, and this is told by nobody: " + event, e);
            }
        }

        @Override
        public void ended(Terminal terminal) {
            forget(terminal);
        }
    }
}
