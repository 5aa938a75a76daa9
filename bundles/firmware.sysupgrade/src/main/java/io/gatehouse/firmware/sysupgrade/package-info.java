/** Writes firmware by OpenWrt's sysupgrade. */
@NullMarked
package io.gatehouse.firmware.sysupgrade;

import org.jspecify.annotations.NullMarked;
