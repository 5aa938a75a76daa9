/** What device-images/ makes: built for real, looked into and started. */
@NullMarked
package io.gatehouse.images;

import org.jspecify.annotations.NullMarked;
