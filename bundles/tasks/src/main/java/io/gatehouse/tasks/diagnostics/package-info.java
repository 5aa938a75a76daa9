/** One archive of what helps to understand a machine from afar. */
@NullMarked
package io.gatehouse.tasks.diagnostics;

import org.jspecify.annotations.NullMarked;
