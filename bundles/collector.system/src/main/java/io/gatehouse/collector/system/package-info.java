/** Reads load, processor, memory, storage, temperature and firmware of a Linux machine. */
@NullMarked
package io.gatehouse.collector.system;

import org.jspecify.annotations.NullMarked;
