/** A plug-in project while somebody writes it: watch what is saved, build it, bring it to a device, and see what it reads. */
@NullMarked
package io.gatehouse.cli.dev;

import org.jspecify.annotations.NullMarked;
