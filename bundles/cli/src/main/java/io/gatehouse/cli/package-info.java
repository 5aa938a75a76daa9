/** The commands of {@code gatehouse}, one class each. */
@NullMarked
package io.gatehouse.cli;

import org.jspecify.annotations.NullMarked;
