package io.gatehouse.cli;

import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.fleet.Wish;
import io.gatehouse.protocol.Envelope;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Takes a feature away. */
@Command(
        name = "remove",
        description = {
            "Take away what was installed under this name at this scope, and wait until devices have done so.",
            "Where a wider scope or the image has the bundles too, those come back."
        },
        footer = {"%nExamples:", "  gatehouse remove hello", "  gatehouse remove modbus --from world/asia/taiwan"})
final class RemoveCommand implements Callable<Integer> {
    private final Supplier<Session> sessions;

    @Parameters(paramLabel = "NAME", description = "What it is called: the last level of its desired topic.")
    private String name = "";

    @Mixin
    private FromOption from = new FromOption();

    @Mixin
    private KeyOption key = new KeyOption();

    @Mixin
    private Publishing publishing = new Publishing();

    RemoveCommand(Supplier<Session> sessions) {
        this.sessions = sessions;
    }

    @Override
    public Integer call() throws Trouble, InterruptedException {
        Session session = sessions.get();
        Wish wish = Wish.feature(from.in(session), name, Envelope.REMOVED);
        Signer signer = session.signer(key.file(), wish.scope());
        return publishing.run(session, signer, wish, "remove " + name + " from " + wish.scope());
    }
}
