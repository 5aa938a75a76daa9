package io.gatehouse.testkit.gateway;

import java.util.Optional;

/** A test class, or one in it, whose tests begin with what its {@code @BeforeAll} and that of those around it did. */
final class Level {
    private Optional<Integer> kept = Optional.empty();
    private boolean isChanged;

    /** How many of all steps its tests begin with; nothing before the first of them. */
    Optional<Integer> kept() {
        return kept;
    }

    /** Its first test begins with so many steps. */
    void keep(int steps, boolean changed) {
        kept = Optional.of(steps);
        isChanged = changed;
    }

    /** Whether the gateway is another than those around it began with. */
    boolean isChanged() {
        return isChanged;
    }
}
