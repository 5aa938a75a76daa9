/** Runs programs of this machine, and leaves nothing of them behind. */
@NullMarked
package io.gatehouse.tasks.program;

import org.jspecify.annotations.NullMarked;
