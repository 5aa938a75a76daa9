/** The fleet's authority: tokens, certificates, and the register of both. */
@NullMarked
package io.gatehouse.cli.ca;

import org.jspecify.annotations.NullMarked;
