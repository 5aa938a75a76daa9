/**
 * What a bundle contributes to the archive of diagnostics.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.gatehouse.api.diagnostics;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
