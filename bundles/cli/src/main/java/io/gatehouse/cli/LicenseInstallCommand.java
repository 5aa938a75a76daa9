package io.gatehouse.cli;

import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.fleet.Wish;
import io.gatehouse.cli.license.Delivery;
import io.gatehouse.cli.license.Token;
import io.gatehouse.cli.license.TokenFile;
import io.gatehouse.cli.license.Wishes;
import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.license.License;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings licenses to devices. */
@Command(
        name = "install",
        description = {
            "Bring licenses to devices, and wait until those that are there say how it stands with each.",
            "A license is signed in itself by its issuer; --key signs the delivery, and is an operator's, or",
            "the issuer's. A renewal takes the place of the license before under the same name."
        },
        footer = {
            "%nExamples:",
            "  gatehouse license install rain.jwt --to dwr/311-a1",
            "  gatehouse license install licenses/*.jwt --name rain      each to the device that it is for"
        })
final class LicenseInstallCommand implements Callable<Integer> {
    private static final String ENDING = ".jwt";
    private static final String STANDARD_INPUT = "-";

    private final Supplier<Session> sessions;
    private final Surroundings surroundings;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "The licenses; - is standard input.")
    private List<Path> files = List.of();

    @Option(
            names = "--to",
            paramLabel = "SCOPE",
            description = {"A device, model, family or place; without it the one that each", "license is for."})
    @Nullable
    private String to;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = {"What it is called there: the last level of its topic. Without it the", "file's name."})
    @Nullable
    private String name;

    @Mixin
    private KeyOption key = new KeyOption();

    @Mixin
    private Publishing publishing = new Publishing();

    LicenseInstallCommand(Supplier<Session> sessions, Surroundings surroundings) {
        this.sessions = sessions;
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Trouble, InterruptedException {
        Session session = sessions.get();
        Map<String, Wish> wishes = new LinkedHashMap<>();
        for (Path file : files) {
            String called = name(file);
            Token<License> token = TokenFile.license(file, surroundings.in());
            Scope scope = to == null ? token.claims().subject() : session.scope(to, "--to");
            Wish wish = Wishes.license(scope, called, token.text());
            if (wishes.put(wish.topic(), wish) != null) {
                throw new Trouble(
                        Trouble.Kind.USAGE,
                        "two of these files would be at " + wish.topic() + ", the second is " + file
                                + ": give each a name of its own");
            }
        }
        List<Wish> all = List.copyOf(wishes.values());
        return deliver(session, session.signer(key.file(), all.get(0).scope()), all, publishing);
    }

    /** Publishes them, and follows the devices unless nobody is awaited. */
    static int deliver(Session session, Signer signer, List<Wish> wishes, Publishing publishing)
            throws Trouble, InterruptedException {
        session.sayWhichDemo();
        try (Fleet fleet = session.connect(Delivery.filters(wishes))) {
            Delivery delivery = new Delivery(fleet, signer, wishes, session.screen());
            return publishing.noWait()
                    ? delivery.publish(Delivery.kept(fleet))
                    : delivery.run(Delivery.kept(fleet), publishing.timeout());
        }
    }

    private String name(Path file) throws Trouble {
        if (name != null) {
            return name;
        }
        String fileName = String.valueOf(file.getFileName());
        if (fileName.equals(STANDARD_INPUT)) {
            throw new Trouble(Trouble.Kind.USAGE, "what is the license of standard input called? Give --name NAME");
        }
        return fileName.endsWith(ENDING) ? fileName.substring(0, fileName.length() - ENDING.length()) : fileName;
    }
}
