/**
 * Who this device is.
 */
@Export
@Version("1.2.0")
@NullMarked
package io.gatehouse.api.device;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
