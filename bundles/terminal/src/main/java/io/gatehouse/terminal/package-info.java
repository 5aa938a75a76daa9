/** A shell on the device, with a true PTY, behind doors. */
@NullMarked
package io.gatehouse.terminal;

import org.jspecify.annotations.NullMarked;
