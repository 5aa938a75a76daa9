package io.gatehouse.artifacts;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Outcome;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code artifact.forget {"sha256":…}}: forgets what this device made before its life is over. */
@Component
@Command("artifact.forget")
public final class ForgetCommand implements CommandHandler {
    private final MadeArtifacts made;

    @Activate
    public ForgetCommand(@Reference MadeArtifacts made) {
        this.made = made;
    }

    @Override
    public Outcome handle(Invocation invocation) {
        Sha256 sha256 = Named.in(invocation.arguments());
        return made.forget(sha256)
                .<Outcome>map(size -> Outcome.done(Map.of("sha256", sha256.hex(), "bytes", size)))
                .orElseGet(() -> Named.unknown(sha256));
    }
}
