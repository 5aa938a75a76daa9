package io.gatehouse.deployment.slot;

import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Outcome;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code runtime.retry}: tries again what was refused, failed or was rolled back. */
@Component
@Command("runtime.retry")
public final class RuntimeRetryCommand implements CommandHandler {
    private final RuntimeResource resource;

    @Activate
    public RuntimeRetryCommand(@Reference RuntimeResource resource) {
        this.resource = resource;
    }

    @Override
    public Outcome handle(Invocation invocation) {
        return resource.retry()
                ? Outcome.done(Map.of())
                : Outcome.refused("nothing-to-retry", "the runtime that is wanted is the one that runs");
    }
}
