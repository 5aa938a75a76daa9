package io.gatehouse.firmware;

import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Outcome;
import java.io.IOException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code firmware.retry}: tries again what was refused, failed, cancelled or was rolled back. */
@Component
@Command("firmware.retry")
public final class FirmwareRetryCommand implements CommandHandler {
    private final FirmwareResource resource;

    @Activate
    public FirmwareRetryCommand(@Reference FirmwareResource resource) {
        this.resource = resource;
    }

    @Override
    public Outcome handle(Invocation invocation) throws IOException {
        return resource.retry(invocation.arguments().optionalInteger("sequence", 0, Long.MAX_VALUE));
    }
}
