/**
 * Measures the gateway as it is shipped, each figure beside a plain Java program that does the same with Paho alone, in the
 * same run, on the same JDK, at the same broker.
 */
@NullMarked
package io.gatehouse.benchmarks;

import org.jspecify.annotations.NullMarked;
