package io.gatehouse.tasks.network;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.Artifacts;
import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.program.Program;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Keeps packets that pass an interface, where that is permitted: it shows what others say. What was kept is an artifact that the device
 * made, in the file format of libpcap.
 */
@Component(configurationPid = "io.gatehouse.tasks")
@Command("capture")
public final class Capture implements CommandHandler {
    private static final int MOST_PACKETS = 1_000_000;
    private static final int LEAST_BYTES = 1024;
    private static final int LONGEST_SNAP = 65535;
    private static final int LONGEST_FILTER = 1000;

    private final Config config;
    private final Artifacts artifacts;
    private final Supplier<Optional<Program>> found;

    /** What can be configured. */
    @interface Config {
        /** Whether packets may be captured by command. */
        boolean capturePermitted() default false;

        /** How large a capture may be, in bytes. */
        long captureBytes() default 4 << 20;

        /** How long a capture may take, in seconds. */
        int captureSeconds() default 300;
    }

    @Activate
    public Capture(Config config, @Reference Artifacts artifacts) {
        this(config, artifacts, () -> Program.find("tcpdump"));
    }

    Capture(Config config, Artifacts artifacts, Supplier<Optional<Program>> found) {
        this.config = config;
        this.artifacts = artifacts;
        this.found = found;
    }

    @Override
    public Outcome handle(Invocation invocation) throws IOException, InterruptedException {
        Members arguments = invocation.arguments();
        Tcpdump.Bounds bounds = bounds(arguments);
        String wire = wire(arguments);
        String filter = filter(arguments);
        if (!config.capturePermitted()) {
            return Outcome.refused(
                    "not-permitted",
                    "no packets may be captured by command on this device; configuration io.gatehouse.tasks: capturePermitted");
        }
        Optional<Program> program = found.get();
        if (program.isEmpty()) {
            return Outcome.refused("unavailable", "this device has no tcpdump; package tcpdump brings one");
        }
        Tcpdump tcpdump = new Tcpdump(program.get(), wire, filter);
        Optional<Outcome> objection = tcpdump.objection();
        return objection.isPresent() ? objection.get() : captured(tcpdump, bounds, invocation);
    }

    private Outcome captured(Tcpdump tcpdump, Tcpdump.Bounds bounds, Invocation invocation)
            throws IOException, InterruptedException {
        try (Artifacts.Draft draft = artifacts.draft()) {
            Tcpdump.Captured captured = tcpdump.capture(
                    draft.file(), bounds.withBytes(Math.min(bounds.bytes(), draft.limit())), invocation);
            if (captured.problem().isPresent()) {
                return Outcome.failed("not-captured", captured.problem().get());
            }
            Artifact artifact = draft.keep(Tcpdump.LIFE);
            Map<String, Object> told = new LinkedHashMap<>(captured.told());
            told.put("artifact", Map.of("sha256", artifact.sha256().hex(), "size", artifact.size()));
            return Outcome.done(told);
        }
    }

    private Tcpdump.Bounds bounds(Members arguments) {
        int mostSeconds = Math.max(1, config.captureSeconds());
        long mostBytes = Math.max(LEAST_BYTES, config.captureBytes());
        return new Tcpdump.Bounds(
                (int) arguments.integer("packets", Tcpdump.Bounds.PACKETS, 1, MOST_PACKETS),
                (int) arguments.integer("seconds", Math.min(Tcpdump.Bounds.SECONDS, mostSeconds), 1, mostSeconds),
                arguments.integer("bytes", Math.min(Tcpdump.Bounds.BYTES, mostBytes), LEAST_BYTES, mostBytes),
                (int) arguments.integer("snap", Tcpdump.Bounds.SNAP, 1, LONGEST_SNAP));
    }

    private static String wire(Members arguments) throws IOException {
        boolean isAny = arguments.string("interface").equals("any");
        return isAny ? "any" : LocalInterface.of(arguments, "interface").name();
    }

    private static String filter(Members arguments) {
        String filter = arguments.optionalString("filter").orElse("").strip();
        if (filter.length() > LONGEST_FILTER || !filter.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            throw arguments.wrong(
                    "filter",
                    filter,
                    "a filter of pcap-filter(7) in ASCII, at most " + LONGEST_FILTER + " characters long");
        }
        return filter;
    }
}
