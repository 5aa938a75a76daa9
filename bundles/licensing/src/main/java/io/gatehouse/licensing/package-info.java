/** Grants the features that licenses permit, as long as they do. */
@NullMarked
package io.gatehouse.licensing;

import org.jspecify.annotations.NullMarked;
