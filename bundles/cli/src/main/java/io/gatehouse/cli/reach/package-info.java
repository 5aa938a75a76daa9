/** The operator's end of tunnels and terminals: SSH, and the own terminal. */
@NullMarked
package io.gatehouse.cli.reach;

import org.jspecify.annotations.NullMarked;
