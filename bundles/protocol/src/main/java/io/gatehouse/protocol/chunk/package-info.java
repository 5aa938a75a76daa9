/** An image in chunks: what a device has of it already need not be fetched. As {@code docs/firmware.md} has it. */
@Export(substitution = Export.Substitution.NOIMPORT) // or an update of this bundle may take it from what it replaces
@Version("1.0.0")
@NullMarked
package io.gatehouse.protocol.chunk;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
