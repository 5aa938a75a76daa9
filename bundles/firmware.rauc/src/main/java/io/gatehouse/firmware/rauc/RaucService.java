package io.gatehouse.firmware.rauc;

import io.gatehouse.api.firmware.FirmwareInstaller.Progress;
import io.gatehouse.api.firmware.FirmwareRefused;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.freedesktop.dbus.messages.DBusSignal;
import org.freedesktop.dbus.messages.Message;
import org.freedesktop.dbus.types.Variant;

/** RAUC by its service on the system bus. It does one thing at a time; each call waits for what it does to end. */
final class RaucService implements Rauc {
    static final BusName RAUC = new BusName("de.pengutronix.rauc", "/", "de.pengutronix.rauc.Installer");

    private static final BusName PROPERTIES = RAUC.with("org.freedesktop.DBus.Properties");
    private static final String IDLE = "idle";

    private final Bus bus;

    /** Its unique name. Any user may send signals; those of this one count. */
    private final String owner;

    private final Optional<RaucProgram> program;

    private RaucService(Bus bus, String owner, Optional<RaucProgram> program) {
        this.bus = bus;
        this.owner = owner;
        this.program = program;
    }

    /**
     * Connects to it, and has the bus start it where it can do that.
     *
     * @param socket where the bus listens
     * @param program says why an image is not taken, since the service does not
     * @return empty where there is no bus, or no service on it
     */
    static Optional<Rauc> find(Path socket, Optional<RaucProgram> program) throws IOException, InterruptedException {
        if (!Files.exists(socket)) {
            return Optional.empty();
        }
        Bus bus;
        try {
            bus = Bus.open(socket);
        } catch (ConnectException e) {
            return Optional.empty(); // the bus that listened there has ended
        }
        try {
            Optional<String> owner = owner(bus);
            if (owner.isPresent()) {
                RaucService service = new RaucService(bus, owner.get(), program);
                service.subscribe();
                return Optional.of(service);
            }
            bus.close();
            return Optional.empty();
        } catch (IOException | InterruptedException e) {
            bus.close();
            throw e;
        }
    }

    private static Optional<String> owner(Bus bus) throws IOException, InterruptedException {
        try {
            return Optional.of(ownerNow(bus));
        } catch (ErrorReply e) {
            if (!e.is("NameHasNoOwner")) {
                throw e;
            }
        }
        try {
            bus.call(BusName.BUS, "StartServiceByName", "su", RAUC.program(), 0);
            return Optional.of(ownerNow(bus));
        } catch (ErrorReply e) {
            if (e.is("ServiceUnknown")) { // the bus cannot start it
                return Optional.empty();
            }
            throw new IOException("the bus cannot start RAUC's service " + RAUC.program(), e);
        }
    }

    private static String ownerNow(Bus bus) throws IOException, InterruptedException {
        return string(bus.call(BusName.BUS, "GetNameOwner", "s", RAUC.program())[0]);
    }

    private void subscribe() throws IOException, InterruptedException {
        bus.call(BusName.BUS, "AddMatch", "s", "type='signal',sender='" + RAUC.program() + "',path='/'");
        bus.call(
                BusName.BUS,
                "AddMatch",
                "s",
                "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='" + RAUC.program() + "'");
    }

    @Override
    public Status status() throws IOException, InterruptedException {
        awaitIdle();
        List<Slot> slots = new ArrayList<>();
        for (Object each : (List<?>) bus.call(RAUC, "GetSlotStatus", "")[0]) {
            Object[] slot = (Object[]) each;
            Map<String, String> properties = new HashMap<>();
            ((Map<?, ?>) slot[1]).forEach((name, value) -> properties.put(string(name), string(value)));
            slots.add(Slot.of(string(slot[0]), properties));
        }
        return new Status(property("Compatible"), slots);
    }

    @Override
    public Optional<String> primary() throws IOException, InterruptedException {
        awaitIdle();
        try {
            return Optional.of(string(bus.call(RAUC, "GetPrimary", "")[0]));
        } catch (ErrorReply e) {
            if (e.isOfBus()) {
                throw e;
            }
            return Optional.empty();
        }
    }

    @Override
    public String compatibleOf(Path image) throws FirmwareRefused, IOException, InterruptedException {
        awaitIdle();
        try {
            return string(bus.call(RAUC, "Info", "s", image.toString())[0]);
        } catch (ErrorReply e) {
            if (e.isOfBus()) {
                throw e;
            }
            if (program.isEmpty()) {
                throw new FirmwareRefused(
                        "bad-image",
                        "RAUC's service does not take it and does not say why, which the program rauc would: "
                                + e.getMessage());
            }
            program.get().compatibleOf(image);
            throw new IOException("RAUC's service does not take what the program rauc takes", e);
        }
    }

    @Override
    public void install(Path image, Progress progress) throws FirmwareRefused, IOException, InterruptedException {
        int result;
        try (Patience patience = Patience.toTheEnd()) {
            awaitIdle(patience);
            patience.end();
            long serial = bus.send(RAUC, "InstallBundle", "sa{sv}", image.toString(), Map.of());
            result = follow(serial, progress, patience);
            patience.end();
        }
        if (result != 0) {
            throw Words.failure(property("LastError"));
        }
    }

    private int follow(long serial, Progress progress, Patience patience) throws IOException, InterruptedException {
        Optional<Integer> result = Optional.empty();
        while (result.isEmpty()) {
            Message message = patience.wait(bus::next);
            if (message.getReplySerial() == serial) {
                Bus.values(message); // throws where it does not begin
            } else if (message instanceof DBusSignal) {
                changed(message, "Progress").ifPresent(value -> tell(value, progress));
                result = completed(message);
            }
        }
        return result.get();
    }

    @Override
    public void mark(String state, String slot) throws IOException, InterruptedException {
        awaitIdle();
        bus.call(RAUC, "Mark", "ss", state, slot);
    }

    @Override
    public void close() {
        bus.close();
    }

    private void awaitIdle() throws IOException, InterruptedException {
        try (Patience patience = Patience.untilInterrupted()) {
            awaitIdle(patience);
        }
    }

    /** Waits for the end of an installation that began before, as before a restart of the gateway. */
    private void awaitIdle(Patience patience) throws IOException, InterruptedException {
        String operation = patience.wait(until -> Optional.of(property("Operation")));
        while (!operation.equals(IDLE)) {
            Message message = patience.wait(bus::next);
            if (message instanceof DBusSignal) {
                completed(message);
                operation =
                        changed(message, "Operation").map(RaucService::string).orElse(operation);
            }
        }
    }

    private Optional<Object> changed(Message signal, String property) throws IOException {
        if (!isFrom(owner, signal) || !signal.getName().equals("PropertiesChanged")) {
            return Optional.empty();
        }
        return Optional.ofNullable(((Map<?, ?>) Bus.values(signal)[1]).get(property));
    }

    /** With which result an installation ended; nothing where the signal is of something else. */
    private Optional<Integer> completed(Message signal) throws IOException {
        if (isFrom(BusName.BUS.program(), signal) && signal.getName().equals("NameOwnerChanged")) {
            throw new IOException("RAUC's service ended while it was installing; its log says why");
        }
        if (!isFrom(owner, signal) || !signal.getName().equals("Completed")) {
            return Optional.empty();
        }
        return Optional.of(((Number) Bus.values(signal)[0]).intValue());
    }

    private static boolean isFrom(String sender, Message message) {
        return sender.equals(message.getSource());
    }

    private static void tell(Object value, Progress progress) {
        Object[] percentMessageDepth = (Object[]) ((Variant<?>) value).getValue();
        progress.installed(((Number) percentMessageDepth[0]).intValue() / 100.0);
    }

    private String property(String name) throws IOException, InterruptedException {
        return string(bus.call(PROPERTIES, "Get", "ss", RAUC.type(), name)[0]);
    }

    private static String string(Object value) {
        return String.valueOf(value instanceof Variant<?> variant ? variant.getValue() : value);
    }
}
