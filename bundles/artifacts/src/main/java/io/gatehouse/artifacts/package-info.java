/** Keeps the device's artifacts, each a file named by its SHA-256, and fetches the ones it lacks. */
@NullMarked
package io.gatehouse.artifacts;

import org.jspecify.annotations.NullMarked;
