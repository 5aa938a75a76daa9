package io.gatehouse.firmware;

import io.gatehouse.api.command.Problem;
import io.gatehouse.api.device.Inhibitor;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Whether something may be begun now that a user of this machine would notice. */
final class GoAhead {
    private final Inhibitor inhibitors;
    private final BooleanSupplier isChanging;
    private final Set<String> metered;
    private final int battery;
    private final DefaultRoute route;
    private final PowerSupply supply;

    /**
     * Asks these.
     *
     * @param inhibitors all who mind a firmware, as one
     * @param isChanging whether a change of the software goes on
     * @param metered names of interfaces whose use costs
     * @param battery percent below which a battery is too empty; 0 for never
     * @param root of the machine's files
     */
    GoAhead(Inhibitor inhibitors, BooleanSupplier isChanging, Set<String> metered, int battery, Path root) {
        if (battery < 0 || battery > 100) {
            throw new IllegalArgumentException("battery must be from 0 to 100 percent: " + battery);
        }
        this.inhibitors = inhibitors;
        this.isChanging = isChanging;
        this.metered = Set.copyOf(metered);
        this.battery = battery;
        this.route = new DefaultRoute(root);
        this.supply = new PowerSupply(root);
    }

    /** Why nothing may be begun now; nothing where it may. The same trouble has the same words. */
    Optional<Problem> hindrance() {
        Optional<String> inhibited = inhibitors.reason();
        if (inhibited.isPresent()) {
            return inhibited.map(reasons -> new Problem("inhibited", reasons));
        }
        if (isChanging.getAsBoolean()) {
            return Optional.of(new Problem("changing", "a change of the software goes on"));
        }
        return onMetered().or(this::onBattery);
    }

    private Optional<Problem> onMetered() {
        return metered.isEmpty()
                ? Optional.empty()
                : route.interfaceName()
                        .filter(metered::contains)
                        .map(name -> new Problem("metered", "the default route goes out by " + name));
    }

    private Optional<Problem> onBattery() {
        OptionalInt percent = battery == 0 ? OptionalInt.empty() : supply.battery();
        return percent.isPresent() && percent.getAsInt() < battery
                ? Optional.of(new Problem("battery", "the battery is below " + battery + " percent"))
                : Optional.empty();
    }
}
