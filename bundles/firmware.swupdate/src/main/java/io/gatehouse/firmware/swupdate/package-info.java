/** Writes firmware by SWUpdate. */
@NullMarked
package io.gatehouse.firmware.swupdate;

import org.jspecify.annotations.NullMarked;
