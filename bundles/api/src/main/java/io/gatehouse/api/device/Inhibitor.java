package io.gatehouse.api.device;

import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Says when the machine must not go down. Registered as a service by whoever does something that an end in its midst would spoil; all are asked
 * before a restart begins. The service property {@code gatehouse.inhibits} says what it minds: {@code command}, a restart that an operator asks for;
 * {@code firmware}, one that nobody waits for, and all that leads to it; without it, both.
 */
@ConsumerType
@FunctionalInterface
public interface Inhibitor {
    /** What is being done, for whoever asked for the restart, for example {@code firmware V2.04B01 is being written}; empty otherwise. */
    Optional<String> reason();
}
