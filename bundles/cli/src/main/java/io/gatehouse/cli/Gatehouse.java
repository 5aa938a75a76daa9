package io.gatehouse.cli;

import io.gatehouse.api.message.TransportProvider;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.screen.Plain;
import io.gatehouse.cli.screen.Screen;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code gatehouse}, and what all of its commands have in common. */
@Command(
        name = "gatehouse",
        version = "gatehouse " + Gatehouse.VERSION,
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        synopsisSubcommandLabel = "COMMAND",
        usageHelpWidth = 100,
        description = "Talk to Gatehouse devices through the MQTT broker at which they are met.",
        footer = {
            "%nExamples:",
            "  gatehouse devices                                         of the demo that ./dev up runs",
            "  gatehouse status dwr/311-a1/00-11-22-33-44-55 --broker ssl://192.168.1.2:8883",
            "  GATEHOUSE_BROKER=ssl://me:secret@host:8883 gatehouse watch world/asia -o json",
            "%nWhat devices are told is signed (--key); what only looks needs no key.",
            "Each command shows its own: gatehouse install --help"
        },
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:It is so, or it was answered.",
            "1:A device said no, or rolled back; its problem is printed.",
            "2:The command line or a file is not right.",
            "3:No answer, or no end in time.",
            "4:The broker cannot be reached.",
            "70:A fault in gatehouse itself."
        })
public final class Gatehouse implements Runnable {
    static final String VERSION = "0.1.0";

    private static final int FAULT = 70;

    private final Surroundings surroundings;

    @Spec
    @Nullable
    private CommandSpec spec;

    @Option(
            names = "--broker",
            paramLabel = "URI",
            scope = ScopeType.INHERIT,
            description = {
                "The MQTT broker: by TLS ssl://me@host:8883, on this machine also tcp://localhost:1883.",
                "Without it: GATEHOUSE_BROKER, or else the demo that ./dev up runs."
            })
    @Nullable
    private String broker;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = {
                "Its first line is the password of the user in the broker's address.",
                "A password may also stand in GATEHOUSE_BROKER: ssl://me:secret@host.",
                "In --broker others on this machine would see it, by ps."
            })
    @Nullable
    private Path passwordFile;

    @Mixin
    private TlsOptions tls = new TlsOptions();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "table|json",
            scope = ScopeType.INHERIT,
            defaultValue = "table",
            description = "How results are written: for people, or one JSON object a line.")
    private OutputForm output = OutputForm.TABLE;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Show where an error came from, and what the connection logs.")
    private boolean verbose;

    private Gatehouse(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    public static void main(String[] args) {
        Surroundings surroundings = new Surroundings(
                System.getenv(),
                System.in,
                new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                terminal(),
                ServiceLoader.load(TransportProvider.class),
                Clock.systemUTC());
        System.exit(run(surroundings, args));
    }

    static int run(Surroundings surroundings, String... args) {
        Gatehouse gatehouse = new Gatehouse(surroundings);
        return gatehouse.commands().execute(args);
    }

    /** What the first word of a command line can be. */
    static Set<String> commandNames(Surroundings surroundings) {
        return new Gatehouse(surroundings).commands().getSubcommands().keySet();
    }

    /** {@code bin/gatehouse} asks the terminal; Java could not without starting a process. */
    private static Screen.Terminal terminal() {
        int columns = Integer.getInteger("gatehouse.columns", 0);
        int rows = Integer.getInteger("gatehouse.rows", 24);
        return new Screen.Terminal(columns, rows, columns > 0 && System.getenv("NO_COLOR") == null);
    }

    private CommandLine commands() {
        CommandLine root = new CommandLine(this)
                .addSubcommand(new DevicesCommand(this::session))
                .addSubcommand(new WatchCommand(this::session))
                .addSubcommand(new InstallCommand(this::session))
                .addSubcommand(new RemoveCommand(this::session))
                .addSubcommand(new DevCommand(this::session, surroundings.clock()))
                .addSubcommand(new ConfigureCommand(this::session))
                .addSubcommand(runtime())
                .addSubcommand(firmware())
                .addSubcommand(new StatusCommand(this::session))
                .addSubcommand(new CommandLine(new CmdCommand(this::session))
                        .setDefaultValueProvider(Publishing.waiting(CmdCommand.USUALLY)))
                .addSubcommand(new ArtifactCommand(this::session))
                .addSubcommand(new CommandLine(new TunnelCommand(this::session))
                        .addSubcommand(new TunnelOpenCommand(this::session)))
                .addSubcommand(new ShellCommand(this::session, surroundings))
                .addSubcommand(new SignCommand(this::session, surroundings.in()))
                .addSubcommand(new KeyCommand(this::session))
                .addSubcommand(trust())
                .addSubcommand(license())
                .addSubcommand(ca())
                .addSubcommand(new AclCommand(this::session, surroundings.clock()));
        root.setCaseInsensitiveEnumValuesAllowed(true);
        root.registerConverter(Duration.class, Durations::parse);
        root.setOut(writer(surroundings.out()));
        root.setErr(writer(surroundings.err()));
        root.setColorScheme(CommandLine.Help.defaultColorScheme(
                surroundings.terminal().colored() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        root.setParameterExceptionHandler(this::wrongUsage);
        root.setExecutionExceptionHandler((e, command, parsed) -> trouble(e));
        return root;
    }

    private CommandLine runtime() {
        return new CommandLine(new RuntimeCommand(this::session))
                .setDefaultValueProvider(Publishing.waiting(RuntimeCommand.USUALLY));
    }

    private CommandLine firmware() {
        return new CommandLine(new FirmwareCommand(this::session))
                .addSubcommand(new CommandLine(new FirmwareSetCommand(this::session))
                        .setDefaultValueProvider(Publishing.waiting(FirmwareSetCommand.USUALLY)))
                .addSubcommand(new FirmwareRollCommand(this::session, surroundings.clock()));
    }

    private CommandLine ca() {
        return new CommandLine(new CaCommand(this::session, surroundings.clock()))
                .addSubcommand(new CaServeCommand(this::session, surroundings.clock()));
    }

    private CommandLine trust() {
        return new CommandLine(new TrustCommand(this::session))
                .addSubcommand(new TrustVendorCommand(this::session))
                .addSubcommand(new TrustRelayCommand(this::session))
                .addSubcommand(new CommandLine(new TrustPublishCommand(this::session, surroundings.clock()))
                        .setDefaultValueProvider(Publishing.waiting(TrustPublishCommand.USUALLY)));
    }

    private CommandLine license() {
        return new CommandLine(new LicenseCommand(this::session, surroundings))
                .addSubcommand(new LicenseIssueCommand(this::session, surroundings))
                .addSubcommand(new LicenseInstallCommand(this::session, surroundings))
                .addSubcommand(new LicenseRevokeCommand(this::session, surroundings))
                .addSubcommand(new LicenseRenewCommand(this::session, surroundings))
                .setDefaultValueProvider(Publishing.waiting(LicenseCommand.USUALLY));
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }

    private Session session() {
        return new Session(surroundings, broker, passwordFile, tls, output == OutputForm.JSON, verbose);
    }

    @Override
    public void run() {
        throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "which command?");
    }

    private int wrongUsage(ParameterException e, String[] args) {
        PrintStream err = surroundings.err();
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        err.println(command + ": " + words(e));
        err.println("See " + command + " --help");
        return Trouble.Kind.USAGE.exitCode();
    }

    private static String words(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            List<String> alike = unmatched.getSuggestions();
            return "no such command or option: " + String.join(" ", unmatched.getUnmatched())
                    + (alike.isEmpty() ? "" : "; did you mean " + alike.get(0) + "?");
        }
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private int trouble(Exception e) {
        PrintStream err = surroundings.err();
        if (e instanceof Trouble trouble) {
            err.println("gatehouse: " + Plain.safe(String.valueOf(trouble.getMessage())));
            if (verbose) {
                trouble.printStackTrace(err);
            }
            return trouble.kind().exitCode();
        }
        err.println("gatehouse: a fault in gatehouse itself, please report it: " + e);
        e.printStackTrace(err);
        return FAULT;
    }

    /** How results are written. */
    enum OutputForm {
        TABLE,
        JSON
    }
}
