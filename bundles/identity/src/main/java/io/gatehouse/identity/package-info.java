/** Says who this device is. */
@NullMarked
package io.gatehouse.identity;

import org.jspecify.annotations.NullMarked;
