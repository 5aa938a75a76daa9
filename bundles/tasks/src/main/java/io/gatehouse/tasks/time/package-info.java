/** Points and lengths of time as commands give and answer them. */
@NullMarked
package io.gatehouse.tasks.time;

import org.jspecify.annotations.NullMarked;
