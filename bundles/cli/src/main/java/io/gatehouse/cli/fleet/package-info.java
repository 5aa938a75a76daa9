/** Talking with the devices of a fleet, for commands: connect, ask, wish, follow, serve. */
@NullMarked
package io.gatehouse.cli.fleet;

import org.jspecify.annotations.NullMarked;
