/** Topics, envelopes and documents that travel between a gateway and its fleet, as {@code docs/protocol.md} has them. */
@Export(substitution = Export.Substitution.NOIMPORT) // or an update of this bundle may take it from what it replaces
@Version("1.0.0")
@NullMarked
package io.gatehouse.protocol;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
