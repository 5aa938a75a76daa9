package io.gatehouse.outbox;

/**
 * What became of numbers that were asked for again.
 *
 * @param resent so many numbers leave again
 * @param missing so many are not had any more
 */
record Resent(long resent, long missing) {}
