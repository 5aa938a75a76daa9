/**
 * The one door out, and the two sides that a transport stands between.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.gatehouse.api.message;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
