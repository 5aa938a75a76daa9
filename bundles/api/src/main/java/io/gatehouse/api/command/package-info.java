/**
 * What a plug-in implements to be asked: a {@link io.gatehouse.api.command.CommandHandler}.
 */
@Export
@Version("1.2.0")
@NullMarked
package io.gatehouse.api.command;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
