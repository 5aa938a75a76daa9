package io.gatehouse.cli.fleet;

import io.gatehouse.api.command.Problem;
import java.util.Map;
import java.util.Optional;

/** What helps where a device refused what was signed: by the problem's type, as {@code Admission.Reason} has it. */
public final class Remedy {
    private static final String GRANT = "let whoever has a root key change the trust document (gatehouse trust add FILE"
            + " operator=KEYFILE@SCOPE) and publish it (gatehouse trust publish)";
    private static final String CLOCK = "compare the clocks: of this machine, by date -u, and of the device";
    private static final String CHANGED = "it was changed on its way, or its jws was made for another message";

    private static final Map<String, String> BY_TYPE = Map.ofEntries(
            Map.entry(
                    "no-trust",
                    "bring it a trust document first: gatehouse trust publish FILE --to SCOPE --key ROOTKEY"),
            Map.entry("unknown-key", "sign by a key that it trusts (--key FILE), or " + GRANT),
            Map.entry("retired-key", "sign by a key that is not retired (--key FILE)"),
            Map.entry("wrong-role", "sign by another key (--key FILE), or " + GRANT),
            Map.entry("out-of-scope", "sign by another key (--key FILE), or " + GRANT),
            Map.entry("not-yet", CLOCK),
            Map.entry("expired", CLOCK + "; a longer --timeout makes a command last longer"),
            Map.entry("replayed", CLOCK + "; or somebody published a newer one: look at gatehouse status"),
            Map.entry("ambiguous", "somebody published another in the same second: do it again, if yours shall count"),
            Map.entry("rolled-back", "raise its version: gatehouse trust add, retire, revoke and vendor each do"),
            Map.entry("unconfirmed-root", "sign by the old root and the new one: --key OLD --key NEW"),
            Map.entry("unsigned", "sign it: gatehouse sign --help"),
            Map.entry("malformed", CHANGED),
            Map.entry("too-long", "sign it for 24 h at most"),
            Map.entry("bad-trust", "look at it: gatehouse trust show FILE"),
            Map.entry("wrong-topic", CHANGED),
            Map.entry("wrong-identity", CHANGED),
            Map.entry("wrong-reply", CHANGED),
            Map.entry("bad-signature", CHANGED));

    /** By the command and the type, of what a command itself refuses. */
    private static final Map<String, String> BY_COMMAND = Map.of(
            "tunnel.open too-many",
            "close one that is not needed: gatehouse tunnel list, and then gatehouse tunnel close DEVICE ID");

    private Remedy() {}

    public static Optional<String> of(Problem problem) {
        return Optional.ofNullable(BY_TYPE.get(problem.type()));
    }

    /** What helps where a device did not do this command. */
    public static Optional<String> of(String command, Problem problem) {
        return Optional.ofNullable(BY_COMMAND.get(command + " " + problem.type()))
                .or(() -> of(problem));
    }
}
