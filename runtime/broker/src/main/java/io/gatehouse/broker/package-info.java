/**
 * An MQTT 5 broker for development, demonstrations and tests, for this machine only.
 */
@NullMarked
package io.gatehouse.broker;

import org.jspecify.annotations.NullMarked;
