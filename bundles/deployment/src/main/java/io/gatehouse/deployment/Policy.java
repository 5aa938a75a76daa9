package io.gatehouse.deployment;

import java.time.Duration;

/**
 * How changes are carried out.
 *
 * @param quiet how long nothing new may be wanted before a change begins, so that a burst is one change
 * @param deadline for a change, from its first touch to its proof
 * @param mayRestart whether a change may restart bundles that it does not change
 * @param again after so long the way to the broker is looked at again
 */
record Policy(Duration quiet, Duration deadline, boolean mayRestart, Duration again) {}
