package io.gatehouse.firmware;

import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Outcome;
import java.io.IOException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code firmware.pause}: nothing more is begun until {@code firmware.resume}, also over restarts. */
@Component
@Command("firmware.pause")
public final class FirmwarePauseCommand implements CommandHandler {
    private final FirmwareResource resource;

    @Activate
    public FirmwarePauseCommand(@Reference FirmwareResource resource) {
        this.resource = resource;
    }

    @Override
    public Outcome handle(Invocation invocation) throws IOException {
        return resource.pause();
    }
}
