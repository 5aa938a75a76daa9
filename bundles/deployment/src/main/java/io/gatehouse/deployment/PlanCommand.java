package io.gatehouse.deployment;

import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Outcome;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code feature.plan {"feature":{…}}}: what applying that feature would install, update, remove and restart. */
@Component
@Command("feature.plan")
public final class PlanCommand implements CommandHandler {
    private final Deployment deployment;

    @Activate
    public PlanCommand(@Reference Deployment deployment) {
        this.deployment = deployment;
    }

    @Override
    public Outcome handle(Invocation invocation) throws InterruptedException {
        Map<String, ?> feature = invocation.arguments().object("feature").values();
        return deployment.plan(
                feature, invocation.signature(), (step, progress) -> invocation.progress(progress, step));
    }
}
