/** What a person sees: lines, tables, bars. */
@NullMarked
package io.gatehouse.cli.screen;

import org.jspecify.annotations.NullMarked;
