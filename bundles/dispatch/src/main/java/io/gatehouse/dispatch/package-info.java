/** The path of what comes in: authorize, deduplicate, route, reply. */
@NullMarked
package io.gatehouse.dispatch;

import org.jspecify.annotations.NullMarked;
