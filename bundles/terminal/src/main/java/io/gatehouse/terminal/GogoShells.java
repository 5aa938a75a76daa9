package io.gatehouse.terminal;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.felix.service.command.CommandProcessor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Shells of the framework itself, while Gogo is installed. Nothing else in this bundle names a type of Gogo's, so that it does without.
 */
@Component(service = Programs.class)
public final class GogoShells implements Programs {
    private final CommandProcessor processor;
    private final Set<GogoShell> open = ConcurrentHashMap.newKeySet();

    @Activate
    public GogoShells(@Reference CommandProcessor processor) {
        this.processor = processor;
    }

    /** Gogo goes, and its sessions with it. */
    @Deactivate
    void close() {
        open.forEach(GogoShell::close);
    }

    @Override
    public Optional<String> lacking() {
        return Optional.empty();
    }

    @Override
    public Program start(Start start) throws IOException {
        GogoShell shell = new GogoShell(processor, start, open::remove);
        open.add(shell);
        shell.begin();
        return shell;
    }
}
