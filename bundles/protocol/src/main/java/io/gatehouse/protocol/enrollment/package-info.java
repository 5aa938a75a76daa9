/** How a device gets its certificate: one-time tokens, claims, and their answers. */
@Export(substitution = Export.Substitution.NOIMPORT) // as io.gatehouse.protocol
@Version("1.0.0")
@NullMarked
package io.gatehouse.protocol.enrollment;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
