package io.gatehouse.cli;

import io.gatehouse.api.command.Outcome;
import io.gatehouse.cli.fleet.Download;
import io.gatehouse.cli.fleet.Ends;
import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.PartFile;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.screen.Bar;
import io.gatehouse.cli.screen.Screen;
import io.gatehouse.cli.screen.Table;
import io.gatehouse.protocol.Scope;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings what devices made to whoever asks. */
@Command(
        name = "artifact",
        description = {
            "Get what a device made: captures, archives of diagnostics, recordings.",
            "A device keeps each for a while, in a room of their own where the oldest give way."
        },
        footer = {
            "%nExamples:",
            "  gatehouse artifact list --to dwr/311-a1/00-11-22-33-44-55",
            "  gatehouse artifact get 4f1c90 --out capture.pcap --to dwr/311-a1/00-11-22-33-44-55",
            "  gatehouse artifact forget 4f1c90"
        })
final class ArtifactCommand {
    private static final String WHICH = "Its SHA-256, or at least 4 digits of that, as list shows it.";

    private final Supplier<Session> sessions;

    ArtifactCommand(Supplier<Session> sessions) {
        this.sessions = sessions;
    }

    @Command(
            name = "list",
            description = "List what devices made and keep, the newest first.",
            footer = {"%nExamples:", "  gatehouse artifact list", "  gatehouse artifact list --to dwr/311-a1 -o json"})
    int list(@Mixin ToOption to, @Mixin KeyOption key, @Mixin TimeoutOption timeout)
            throws Trouble, InterruptedException {
        Asking asking = Asking.of(sessions.get(), to, key, timeout);
        Screen screen = asking.screen();
        Answers answers = asking.ask(asking.scope(), "artifact.list", Map.of());
        boolean several = answers.ends().size() + answers.silent().size() > 1;
        Table table = new Table(screen.paint(), "DEVICE", "SHA256", "SIZE", "MADE", "UNTIL");
        for (Map.Entry<String, Outcome> end : answers.ends().entrySet()) {
            if (!(end.getValue() instanceof Outcome.Done done)) {
                screen.note(end.getKey() + ": " + Ends.word(end.getValue()) + "  "
                        + Ends.problem(end.getValue()).map(Answers::words).orElse(""));
                continue;
            }
            for (Made made : Made.read(end.getKey(), done)) {
                if (screen.json()) {
                    screen.object(made.object(end.getKey()));
                }
                String size = String.valueOf(made.size());
                table.row(several ? end.getKey() : "", made.brief(), size, made.made(), made.until());
            }
        }
        if (!table.isEmpty() && !screen.json()) {
            screen.lines(table.lines());
        }
        answers.silent().forEach(device -> screen.note("no list from " + device));
        answers.remedies().forEach(remedy -> screen.note("what helps: " + remedy));
        return answers.exitCode();
    }

    @Command(
            name = "get",
            description = {
                "Read what a device made into a file, and verify it.",
                "What broke off is gone on with by the same command: until it is whole it lies beside the file, under",
                "a name that ends with .part."
            },
            footer = {
                "%nExamples:",
                "  gatehouse artifact get 4f1c90",
                "  gatehouse artifact get 4f1c90 --out capture.pcap --to dwr/311-a1/00-11-22-33-44-55"
            })
    int get(
            @Parameters(paramLabel = "SHA256", description = WHICH) String prefix,
            @Option(
                            names = "--out",
                            paramLabel = "FILE",
                            description = "Where it is written; without it here, by 12 digits of its SHA-256.")
                    @Nullable
                    Path out,
            @Option(names = "--force", description = "Write over the file where there is one.") boolean force,
            @Mixin ToOption to,
            @Mixin KeyOption key,
            @Mixin TimeoutOption timeout)
            throws Trouble, InterruptedException {
        Asking asking = Asking.of(sessions.get(), to, key, timeout);
        if (out != null) {
            PartFile.mayBecome(out, force); // before anybody is asked
        }
        Asking.Found found = asking.find(prefix);
        Path file = out == null ? Path.of(found.made().brief()) : out;
        download(asking, found, file, force);
        Screen screen = asking.screen();
        if (screen.json()) {
            Map<String, Object> object = found.made().object(found.device());
            object.put("file", file.toString());
            screen.object(object);
        } else {
            screen.line(file.toString());
        }
        return 0;
    }

    private static void download(Asking asking, Asking.Found found, Path file, boolean force)
            throws Trouble, InterruptedException {
        Screen screen = asking.screen();
        long size = found.made().size();
        try (PartFile part = PartFile.open(found.made().sha256(), size, file, force);
                Fleet fleet = asking.session().connect(List.of())) {
            if (part.length() > 0) {
                screen.note("going on after " + part.length() + " of " + size + " bytes");
            }
            Download download = new Download(fleet, asking.signer(), found.device(), asking.patience());
            download.into(
                    part,
                    bytes -> screen.draw(List.of(file.getFileName() + "  " + Bar.of((double) bytes / size) + "  "
                            + bytes + " of " + size + " bytes")));
        } finally {
            screen.draw(List.of());
        }
    }

    @Command(
            name = "forget",
            description = "Have a device forget what it made before the time is over.",
            footer = {"%nExamples:", "  gatehouse artifact forget 4f1c90 --to dwr/311-a1/00-11-22-33-44-55"})
    int forget(
            @Parameters(paramLabel = "SHA256", description = WHICH) String prefix,
            @Mixin ToOption to,
            @Mixin KeyOption key,
            @Mixin TimeoutOption timeout)
            throws Trouble, InterruptedException {
        Asking asking = Asking.of(sessions.get(), to, key, timeout);
        Asking.Found found = asking.find(prefix);
        String command = "artifact.forget";
        String hex = found.made().sha256().hex();
        asking.done(asking.ask(new Scope(found.device()), command, Map.of("sha256", hex)), command);
        if (asking.screen().json()) {
            asking.screen().object(found.made().object(found.device()));
        } else {
            asking.screen().line("forgotten: " + hex);
        }
        return 0;
    }
}
