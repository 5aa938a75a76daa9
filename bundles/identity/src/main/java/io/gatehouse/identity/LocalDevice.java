package io.gatehouse.identity;

import io.gatehouse.api.device.Device;
import io.gatehouse.protocol.DeviceName;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** This device: who its token says, or else the launcher's settings, or else the machine. */
@Component(immediate = true)
public final class LocalDevice implements Device {
    private static final String DEVICE = "gatehouse.device";
    private static final String PLACE = "gatehouse.place";
    private static final Pattern BOOT = Pattern.compile("[0-9a-f]{16}");

    private final String name;
    private final Optional<String> place;
    private final String boot;
    private final List<String> scopes;

    @Activate
    public LocalDevice(BundleContext context, @Reference Credentials credentials) {
        this(Settings.of(context), credentials.membership(), new Machine(Path.of("/")));
    }

    LocalDevice(Settings settings, Optional<Membership> membership, Machine machine) {
        DeviceName parsed = membership
                .map(Membership::device)
                .or(() -> settings.get(DEVICE).map(text -> parse(DEVICE, text)))
                .orElseGet(() -> composed(settings, machine));
        name = parsed.toString();
        place = membership.flatMap(Membership::place).or(() -> settings.get(PLACE));
        membership.ifPresent(member -> {
            refuseConflict(DEVICE, settings, name);
            member.place().ifPresent(where -> refuseConflict(PLACE, settings, where));
        });
        scopes = scopes(parsed, place);
        boot = settings.get("gatehouse.boot")
                .filter(text -> BOOT.matcher(text).matches())
                .orElseThrow(() -> new IllegalStateException("framework property gatehouse.boot must be 16 hex digits, "
                        + "new at each start of the process: "
                        + settings.get("gatehouse.boot").orElse("not set")));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<String> place() {
        return place;
    }

    @Override
    public String boot() {
        return boot;
    }

    @Override
    public List<String> scopes() {
        return scopes;
    }

    private static DeviceName composed(Settings settings, Machine machine) {
        String family = settings.get("gatehouse.family").orElse("generic");
        String model = settings.get("gatehouse.model").orElse("linux");
        String id = machine.id()
                .orElseThrow(() -> new IllegalStateException("this machine has neither a network interface with a MAC "
                        + "address nor an /etc/machine-id: set gatehouse.device to <family>/<model>/<id>"));
        return parse("gatehouse.family and gatehouse.model", family + "/" + model + "/" + id);
    }

    private static void refuseConflict(String property, Settings settings, String enrolled) {
        settings.get(property).filter(text -> !text.equals(enrolled)).ifPresent(text -> {
            throw new IllegalArgumentException("framework property " + property + " is " + text
                    + ", and the device's token says " + enrolled
                    + ": take the setting away, or give the device a token for it");
        });
    }

    private static DeviceName parse(String property, String text) {
        try {
            return DeviceName.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("framework property " + property + ": " + e.getMessage(), e);
        }
    }

    private static List<String> scopes(DeviceName name, Optional<String> place) {
        try {
            return name.scopes(place);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("framework property " + PLACE + ": " + e.getMessage(), e);
        }
    }
}
