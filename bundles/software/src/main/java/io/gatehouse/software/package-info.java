/**
 * What the launcher offers to whoever decides which software runs. These types come from the system bundle, so that any
 * bundle, also the one that decides, can be replaced by something that does not depend on it.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.gatehouse.software;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
