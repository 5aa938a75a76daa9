/** Runs collectors on time, each within its bounds, and accounts for them. */
@NullMarked
package io.gatehouse.telemetry;

import org.jspecify.annotations.NullMarked;
