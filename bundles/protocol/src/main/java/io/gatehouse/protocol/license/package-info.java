/** What a device is permitted to use: licenses, revocation lists, and the rules by which they are believed. */
@Export
@Version("1.0.0")
@NullMarked
package io.gatehouse.protocol.license;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
