package io.gatehouse.launcher;

import java.util.Map;

/**
 * A change that began. Found at a start, it says that the process died meanwhile, unless that change's end is on record.
 *
 * @param change its number
 * @param desired what the change is made from
 * @param tries how often it began, this one included, without coming to an end
 */
record Attempt(long change, Map<String, String> desired, int tries) {}
