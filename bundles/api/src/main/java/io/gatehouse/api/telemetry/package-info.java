/**
 * What a plug-in implements to be read: a {@link io.gatehouse.api.telemetry.Collector}.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.gatehouse.api.telemetry;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
