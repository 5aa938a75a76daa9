/** Writes firmware by Mender. */
@NullMarked
package io.gatehouse.firmware.mender;

import org.jspecify.annotations.NullMarked;
