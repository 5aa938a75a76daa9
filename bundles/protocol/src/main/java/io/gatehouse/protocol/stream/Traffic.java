package io.gatehouse.protocol.stream;

/**
 * What went over a stream so far.
 *
 * @param sent bytes that were acknowledged
 * @param received bytes that came, each counted once
 * @param dropped frames that were not the other side's, came twice or too late, or were none
 */
public record Traffic(long sent, long received, long dropped) {}
