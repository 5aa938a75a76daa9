/** A terminal's door at a stream over MQTT, for networks that let nothing else out. */
@NullMarked
package io.gatehouse.terminal.stream;

import org.jspecify.annotations.NullMarked;
