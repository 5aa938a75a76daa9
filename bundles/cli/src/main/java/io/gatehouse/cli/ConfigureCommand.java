package io.gatehouse.cli;

import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.fleet.Wish;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Names;
import io.gatehouse.protocol.Rollout;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sets the configuration of one PID. */
@Command(
        name = "configure",
        description = {
            "Set the configuration of one PID on devices while they run, and wait until each has proven it or put it back.",
            "It lies over what features and wider scopes set; what is not named here stays as they set it."
        },
        footer = {
            "%nExamples:",
            "  gatehouse configure io.gatehouse.collector.system.Load gatehouse.period=PT5S",
            "  gatehouse configure com.acme.modbus host=10.0.0.7 port:Integer=502 --to dwr/311-a1",
            "  gatehouse configure com.acme.Meter~cellar host=10.0.0.8     an instance of a factory's",
            "  gatehouse configure com.acme.modbus --remove --to dwr/311-a1"
        })
final class ConfigureCommand implements Callable<Integer> {
    private static final String RESOURCE = "configuration";

    private final Supplier<Session> sessions;

    @Parameters(index = "0", paramLabel = "PID", description = "Whose configuration.")
    private String pid = "";

    @Parameters(
            index = "1..*",
            paramLabel = "KEY=VALUE",
            description = {
                "All that is to be set at this scope; KEY:=JSON for what is neither text, number nor truth, and",
                "KEY:TYPE=VALUE where a type of the OSGi Configurator is needed."
            })
    private List<String> values = List.of();

    @Option(names = "--remove", description = "Take away what was set at this scope.")
    private boolean remove;

    @Mixin
    private ToOption to = new ToOption();

    @Mixin
    private KeyOption key = new KeyOption();

    @Mixin
    private Publishing publishing = new Publishing();

    ConfigureCommand(Supplier<Session> sessions) {
        this.sessions = sessions;
    }

    @Override
    public Integer call() throws Trouble, InterruptedException {
        if (!Names.isPid(pid)) {
            throw new Trouble(Trouble.Kind.USAGE, "not a PID that a topic can name: " + pid + "; use " + Names.PID);
        }
        if (remove != values.isEmpty()) {
            throw new Trouble(
                    Trouble.Kind.USAGE,
                    remove ? "--remove takes no values: " + values : "name what to set, as KEY=VALUE, or say --remove");
        }
        Envelope envelope = remove ? Envelope.REMOVED : new Envelope(Optional.of(Arguments.parse(values)), Rollout.ALL);
        Session session = sessions.get();
        Wish wish = new Wish(to.in(session), RESOURCE, Optional.of(pid), envelope);
        Signer signer = session.signer(key.file(), wish.scope());
        return publishing.run(session, signer, wish, "configure " + pid + " of " + wish.scope());
    }
}
