/**
 * What writes a machine's firmware.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.gatehouse.api.firmware;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
