/** Reads addresses and traffic of the network interfaces. */
@NullMarked
package io.gatehouse.collector.network;

import org.jspecify.annotations.NullMarked;
