/** What {@code ./dev up} runs: a broker and a gateway on this machine, and what they say. */
@NullMarked
package io.gatehouse.demo;

import org.jspecify.annotations.NullMarked;
