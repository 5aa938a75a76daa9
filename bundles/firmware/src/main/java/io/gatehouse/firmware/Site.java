package io.gatehouse.firmware;

import java.nio.file.Path;
import java.time.Clock;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Where all this happens.
 *
 * @param root of the machine's files: {@code /}
 * @param left where last words are, and those of whatever guards a trial outside of the gateway
 * @param images where images are, unless their engine wants them elsewhere
 * @param nanos as {@link System#nanoTime}
 */
record Site(Path root, Path left, Path images, Clock clock, LongSupplier nanos, RandomGenerator random, Rest rest) {}
