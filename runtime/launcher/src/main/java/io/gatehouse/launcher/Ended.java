package io.gatehouse.launcher;

import io.gatehouse.software.Verdict;

/**
 * The end of a change that was not committed.
 *
 * @param change its number
 */
record Ended(long change, Verdict verdict) {}
