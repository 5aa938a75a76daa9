/** Takes the firmware that the fleet wants: when, by which engine, and whether it is kept. */
@NullMarked
package io.gatehouse.firmware;

import org.jspecify.annotations.NullMarked;
