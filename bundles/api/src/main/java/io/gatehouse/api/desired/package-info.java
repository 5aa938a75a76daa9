/**
 * What the fleet wants of one resource of this device.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.gatehouse.api.desired;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
