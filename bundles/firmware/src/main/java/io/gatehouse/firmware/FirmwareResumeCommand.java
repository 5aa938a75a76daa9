package io.gatehouse.firmware;

import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Outcome;
import java.io.IOException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code firmware.resume}: goes on after {@code firmware.pause}. */
@Component
@Command("firmware.resume")
public final class FirmwareResumeCommand implements CommandHandler {
    private final FirmwareResource resource;

    @Activate
    public FirmwareResumeCommand(@Reference FirmwareResource resource) {
        this.resource = resource;
    }

    @Override
    public Outcome handle(Invocation invocation) throws IOException {
        return resource.resume();
    }
}
