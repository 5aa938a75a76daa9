package io.gatehouse.deployment;

import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Outcome;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code feature.retry}: tries again what was refused, failed or was rolled back. */
@Component
@Command("feature.retry")
public final class RetryCommand implements CommandHandler {
    private final Deployment deployment;

    @Activate
    public RetryCommand(@Reference Deployment deployment) {
        this.deployment = deployment;
    }

    @Override
    public Outcome handle(Invocation invocation) {
        return deployment.retry()
                ? Outcome.done(Map.of())
                : Outcome.refused("nothing-to-retry", "the features that are wanted are the features that run");
    }
}
