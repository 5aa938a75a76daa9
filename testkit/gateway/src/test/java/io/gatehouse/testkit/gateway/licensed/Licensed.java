package io.gatehouse.testkit.gateway.licensed;

import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Outcome;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.condition.Condition;

/** Is there while it is licensed, and says how much of it is. */
@Component
@Command("targets")
public final class Licensed implements CommandHandler {
    private final Object targets;

    @Activate
    public Licensed(
            @Reference(service = Condition.class, target = "(osgi.condition.id=license.com.acme.rain)")
                    Map<String, Object> license) {
        targets = license.get("targets");
    }

    @Override
    public Outcome handle(Invocation invocation) {
        return Outcome.done(Map.of("targets", targets));
    }
}
