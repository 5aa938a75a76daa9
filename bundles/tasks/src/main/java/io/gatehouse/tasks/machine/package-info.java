/** Commands about the machine itself: its end, its services, its programs, its loggers. */
@NullMarked
package io.gatehouse.tasks.machine;

import org.jspecify.annotations.NullMarked;
