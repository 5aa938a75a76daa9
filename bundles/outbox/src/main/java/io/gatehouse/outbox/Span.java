package io.gatehouse.outbox;

/**
 * Observations and events of one boot, by their numbers.
 *
 * @param from the first
 * @param to the last
 */
record Span(String boot, long from, long to) {
    boolean covers(String otherBoot, long seq) {
        return seq >= from && seq <= to && otherBoot.equals(boot);
    }
}
