package io.gatehouse.terminal;

import java.io.IOException;
import java.util.Optional;
import org.apache.felix.service.command.CommandProcessor;

/** Shells of the framework itself. Nothing else in this bundle names a type of Gogo's, so that it does without. */
final class GogoShells implements Programs {
    private final CommandProcessor processor;

    /** By Gogo's {@code CommandProcessor}. */
    GogoShells(Object processor) {
        this.processor = (CommandProcessor) processor;
    }

    @Override
    public Optional<String> lacking() {
        return Optional.empty();
    }

    @Override
    public Program start(Start start) throws IOException {
        GogoShell shell = new GogoShell(processor, start);
        shell.begin();
        return shell;
    }
}
