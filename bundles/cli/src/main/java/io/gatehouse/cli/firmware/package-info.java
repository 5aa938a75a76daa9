/** Firmware onto a fleet: what is rolled out, how far it is, and what is decided by that. */
@NullMarked
package io.gatehouse.cli.firmware;

import org.jspecify.annotations.NullMarked;
