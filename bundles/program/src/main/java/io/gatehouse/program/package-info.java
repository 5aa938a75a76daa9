/** Runs programs of this machine, leaves nothing of them behind that may be ended, and reads what they complain of; and says which of its slots runs. */
@Export(substitution = Export.Substitution.NOIMPORT) // or an update of this bundle may take it from what it replaces
@Version("1.0.0")
@NullMarked
package io.gatehouse.program;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
