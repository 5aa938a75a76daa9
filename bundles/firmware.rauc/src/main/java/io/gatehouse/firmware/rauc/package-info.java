/** Writes firmware by RAUC. */
@NullMarked
package io.gatehouse.firmware.rauc;

import org.jspecify.annotations.NullMarked;
