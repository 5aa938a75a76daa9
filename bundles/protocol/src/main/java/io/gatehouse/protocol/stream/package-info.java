/** Bytes of a terminal both ways over topics of a broker: sealed, in order, once, within bounds. */
@Export(substitution = Export.Substitution.NOIMPORT) // as io.gatehouse.protocol
@Version("1.0.0")
@NullMarked
package io.gatehouse.protocol.stream;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
