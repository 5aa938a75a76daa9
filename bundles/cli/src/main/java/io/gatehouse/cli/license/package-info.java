/** Licenses: made, looked at, taken back, brought to devices and renewed. */
@NullMarked
package io.gatehouse.cli.license;

import org.jspecify.annotations.NullMarked;
