/** Decides which runtime is started: what cannot be replaced in place goes as a slot beside it. */
@NullMarked
package io.gatehouse.deployment.slot;

import org.jspecify.annotations.NullMarked;
