/**
 * The one place on flash that is written at run time: a log in segments, each frame with its checksum, and in memory where the
 * living frames lie.
 */
@NullMarked
package io.gatehouse.store;

import org.jspecify.annotations.NullMarked;
