package io.gatehouse.api.command;

import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Carries out one command. Register it as a service with {@link Command}. Commands run on threads of the runtime, several
 * at once.
 */
@ConsumerType
@FunctionalInterface
public interface CommandHandler {
    /**
     * Carries the command out, to its one end.
     *
     * @throws BadArgument where an argument is missing, unknown or of the wrong kind; answered as refused
     * @throws IOException where it was tried and failed; answered as failed
     * @throws InterruptedException where it was cancelled or its time ran out, answered as failed; or where the process ends: then
     *     {@link #resume} is asked in the next
     */
    Outcome handle(Invocation invocation) throws IOException, InterruptedException;

    /**
     * Says how a command ended that was begun, or waited to be, when the gateway's process ended. Asked in a later process, as soon as
     * this handler is there, and again where the power goes before its answer is on flash. Most cannot know, and leave it at this; one
     * whose purpose is to end the process can, and keeps what it needs for that in its {@link io.gatehouse.api.store.Store}.
     *
     * @param id as {@link Invocation#id} was
     * @throws IOException where it cannot be told; answered as failed
     * @throws InterruptedException where this bundle is stopped meanwhile; answered as failed
     */
    default Outcome resume(String id) throws IOException, InterruptedException {
        return Outcome.interrupted();
    }
}
