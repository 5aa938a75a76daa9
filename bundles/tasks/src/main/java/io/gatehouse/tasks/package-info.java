/** Does small jobs on command. */
@NullMarked
package io.gatehouse.tasks;

import org.jspecify.annotations.NullMarked;
