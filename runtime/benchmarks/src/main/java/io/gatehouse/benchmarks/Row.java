package io.gatehouse.benchmarks;

import java.util.Optional;

/**
 * One figure.
 *
 * @param what was measured
 * @param gateway what it is for the gateway
 * @param other what the gateway is held against: the floor, or the peer
 * @param target nothing where we hold ourselves to none
 */
record Row(String what, String unit, Sample gateway, Optional<Other> other, Optional<Target> target) {
    /** What a figure is held against. */
    record Other(String name, Sample sample) {}

    /**
     * A size we hold ourselves to.
     *
     * @param limit of the ratio where there is something to hold against, of the value itself otherwise
     */
    record Target(boolean atMost, double limit) {
        boolean isMetBy(double value) {
            return atMost ? value <= limit : value >= limit;
        }
    }

    static Row against(String name, String what, String unit, Sample gateway, Sample other, Target target) {
        return new Row(what, unit, gateway, Optional.of(new Other(name, other)), Optional.of(target));
    }

    static Row alone(String what, String unit, Sample gateway, Target target) {
        return new Row(what, unit, gateway, Optional.empty(), Optional.of(target));
    }

    static Row noted(String what, String unit, Sample gateway) {
        return new Row(what, unit, gateway, Optional.empty(), Optional.empty());
    }

    static Target atMost(double limit) {
        return new Target(true, limit);
    }

    static Target atLeast(double limit) {
        return new Target(false, limit);
    }

    /** What the target is held against: the ratio of the medians, or the median. */
    double value() {
        return other.map(that -> gateway.median() / that.sample().median()).orElse(gateway.median());
    }

    boolean isMissed() {
        return target.isPresent() && !target.get().isMetBy(value());
    }
}
