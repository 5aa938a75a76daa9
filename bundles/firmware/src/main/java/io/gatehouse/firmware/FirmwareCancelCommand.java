package io.gatehouse.firmware;

import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Outcome;
import java.io.IOException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code firmware.cancel}: gives up the present wish, unless it is on trial already. */
@Component
@Command("firmware.cancel")
public final class FirmwareCancelCommand implements CommandHandler {
    private final FirmwareResource resource;

    @Activate
    public FirmwareCancelCommand(@Reference FirmwareResource resource) {
        this.resource = resource;
    }

    @Override
    public Outcome handle(Invocation invocation) throws IOException {
        return resource.cancel(invocation.arguments().optionalInteger("sequence", 0, Long.MAX_VALUE));
    }
}
