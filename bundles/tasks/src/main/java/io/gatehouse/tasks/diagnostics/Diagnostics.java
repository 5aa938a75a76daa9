package io.gatehouse.tasks.diagnostics;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.Artifacts;
import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.diagnostics.Diagnostic;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;

/** Makes one archive of all that helps to understand this device, without its secrets. */
@Component
@Command("diagnostics")
public final class Diagnostics implements CommandHandler {
    private static final Duration LIFE = Duration.ofDays(1);

    private final Artifacts artifacts;
    private final Runtimes runtimes;
    private final Machine machine;
    private final Contributions contributions;

    @Activate
    public Diagnostics(
            BundleContext context,
            @Reference Artifacts artifacts,
            @Reference(cardinality = ReferenceCardinality.OPTIONAL) @Nullable ConfigurationAdmin configurations) {
        this(
                artifacts,
                new Runtimes(context, configurations),
                new Machine(Path.of("/")),
                new Contributions(context, Duration.ofSeconds(5)));
    }

    Diagnostics(Artifacts artifacts, Runtimes runtimes, Machine machine, Contributions contributions) {
        this.artifacts = artifacts;
        this.runtimes = runtimes;
        this.machine = machine;
        this.contributions = contributions;
    }

    @Override
    public Outcome handle(Invocation invocation) throws IOException, InterruptedException {
        Secrets secrets = new Secrets();
        runtimes.teach(secrets);
        try (Artifacts.Draft draft = artifacts.draft();
                Archive archive = new Archive(draft.file(), secrets, draft.limit())) {
            fill(archive, invocation);
            archive.end();
            Artifact artifact = draft.keep(LIFE);
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("artifact", Map.of("sha256", artifact.sha256().hex(), "size", artifact.size()));
            result.put("files", archive.names());
            result.put("problems", archive.problems());
            return Outcome.done(result);
        }
    }

    private void fill(Archive archive, Invocation invocation) throws IOException, InterruptedException {
        List<Source> sources = new ArrayList<>(runtimes.sources());
        sources.addAll(machine.sources());
        List<ServiceReference<Diagnostic>> contributors = contributions.there();
        int all = sources.size() + contributors.size();
        int done = 0;
        for (Source source : sources) {
            invocation.progress((double) done++ / all, source.name());
            add(source, archive);
        }
        for (ServiceReference<Diagnostic> contributor : contributors) {
            invocation.progress((double) done++ / all, String.valueOf(contributor.getBundle()));
            contributions.add(contributor, archive);
        }
    }

    private static void add(Source source, Archive archive) throws IOException, InterruptedException {
        String text;
        try {
            text = source.text().read();
        } catch (IOException e) {
            archive.problem(source.name(), String.valueOf(e.getMessage()));
            return;
        }
        archive.add(source.name(), text);
    }
}
