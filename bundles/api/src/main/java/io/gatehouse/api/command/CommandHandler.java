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
     * @throws InterruptedException where it was cancelled or its time ran out; answered as failed
     */
    Outcome handle(Invocation invocation) throws IOException, InterruptedException;
}
