/** Says who this device is, and shows it: names, key, certificate, enrollment. */
@NullMarked
package io.gatehouse.identity;

import org.jspecify.annotations.NullMarked;
