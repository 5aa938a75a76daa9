package io.gatehouse.artifacts;

import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.protocol.Times;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code artifact.list}: what this device made and keeps, the newest first, and how much of its room that takes. */
@Component
@Command("artifact.list")
public final class ListCommand implements CommandHandler {
    private final MadeArtifacts made;

    @Activate
    public ListCommand(@Reference MadeArtifacts made) {
        this.made = made;
    }

    @Override
    public Outcome handle(Invocation invocation) {
        List<MadeArtifacts.Listed> listed = made.list();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("artifacts", listed.stream().map(ListCommand::object).toList());
        result.put(
                "bytes", listed.stream().mapToLong(MadeArtifacts.Listed::size).sum());
        result.put("limit", made.limit());
        return Outcome.done(result);
    }

    private static Map<String, Object> object(MadeArtifacts.Listed one) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("sha256", one.sha256().hex());
        object.put("size", one.size());
        object.put("made", Times.format(one.made()));
        object.put("until", Times.format(one.until()));
        return object;
    }
}
