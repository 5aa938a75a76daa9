/** Looks at the network from where the device is. */
@NullMarked
package io.gatehouse.tasks.network;

import org.jspecify.annotations.NullMarked;
