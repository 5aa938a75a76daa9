/**
 * Carries messages over MQTT 5, by way of Paho, whose types are seen nowhere else.
 */
@NullMarked
package io.gatehouse.transport.mqtt;

import org.jspecify.annotations.NullMarked;
