/** Decides which software runs: what the fleet's features come to, and whether it may and can run here. */
@NullMarked
package io.gatehouse.deployment;

import org.jspecify.annotations.NullMarked;
