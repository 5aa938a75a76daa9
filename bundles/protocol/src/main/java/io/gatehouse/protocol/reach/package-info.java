/** What a device says of itself to who reaches for it, so that no broker can say it instead. */
@Export(substitution = Export.Substitution.NOIMPORT) // as io.gatehouse.protocol
@Version("1.0.0")
@NullMarked
package io.gatehouse.protocol.reach;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
