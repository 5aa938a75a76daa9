package io.gatehouse.testkit.gateway;

import io.gatehouse.api.command.Members;

/**
 * What the gateway published, as it came to the broker.
 *
 * @param topic below the device's name: {@code rain/rain} of an observation, {@code event/license} of an event, {@code reported/feature} of a report
 * @param boot in which of its starts, a word without meaning
 * @param body its JSON object, with {@code at} and what else the gateway adds
 */
public record Observation(String topic, String boot, Members body) {
    /**
     * A number of the body.
     *
     * @throws io.gatehouse.api.command.BadArgument naming the member where it is no number, or absent
     */
    public double number(String name) {
        return body.value(name)
                .filter(Number.class::isInstance)
                .map(value -> ((Number) value).doubleValue())
                .orElseThrow(() -> body.wrong(name, body.value(name).orElse(null), "a number"));
    }

    @Override
    public String toString() {
        return topic + " " + body.values();
    }
}
