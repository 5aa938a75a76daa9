/** Keeps what goes out until the broker has it. */
@NullMarked
package io.gatehouse.outbox;

import org.jspecify.annotations.NullMarked;
