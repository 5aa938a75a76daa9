package io.gatehouse.cli;

import io.gatehouse.cli.ca.AccessList;
import io.gatehouse.cli.ca.AccessList.Member;
import io.gatehouse.cli.ca.Authority;
import io.gatehouse.cli.ca.Tokens;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.protocol.DeviceName;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints who may do what at a broker. */
@Command(
        name = "acl",
        description = {
            "Print an access list for mosquitto (acl_file), by which each device can touch only what is its own.",
            "The broker knows a device by its certificate, and calls its session so: use_identity_as_username true,",
            "use_username_as_clientid true. Operators come in at another listener (docs/enrollment.md)."
        },
        footer = {
            "%nExamples:",
            "  gatehouse acl --from fleet --operator anna --operator authority >fleet.acl",
            "  gatehouse acl dwr/311-a1/7@world/asia dwr/311-a1/8 --operator anna",
            "  gatehouse acl --claims --operator authority >claims.acl"
        })
final class AclCommand implements Callable<Integer> {
    private final Supplier<Session> sessions;
    private final Clock clock;

    @Parameters(arity = "0..*", paramLabel = "DEVICE[@PLACE]", description = "Devices, and where they stand.")
    private List<String> devices = List.of();

    @Option(
            names = "--from",
            paramLabel = "DIR",
            description = "All devices that the authority in this folder made a token for.")
    @Nullable
    private Path from;

    @Option(names = "--operator", paramLabel = "USER", description = "Who may do everything; may be repeated.")
    private List<String> operators = List.of();

    @Option(
            names = "--claims",
            description = "For the broker at which devices without a certificate claim theirs, and nothing else.")
    private boolean claims;

    AclCommand(Supplier<Session> sessions, Clock clock) {
        this.sessions = sessions;
        this.clock = clock;
    }

    @Override
    public Integer call() throws Trouble {
        List<Member> members = new ArrayList<>();
        for (String device : devices) {
            members.add(Member.read(device));
        }
        if (from != null) {
            for (Tokens.Listed listed : new Tokens(Authority.open(from, clock)).list()) {
                members.add(new Member(DeviceName.parse(listed.device()), listed.place()));
            }
        }
        if (claims != members.isEmpty()) {
            throw new Trouble(Trouble.Kind.USAGE, "for whom? Name devices or --from DIR, or give --claims alone");
        }
        sessions.get().screen().lines(claims ? AccessList.claims(operators) : AccessList.fleet(members, operators));
        return 0;
    }
}
