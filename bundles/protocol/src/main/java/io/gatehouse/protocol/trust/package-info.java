/** Who may say what to a device: signatures, keys, and the rules by which a signed message is accepted. */
@Export
@Version("1.0.0")
@NullMarked
package io.gatehouse.protocol.trust;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
