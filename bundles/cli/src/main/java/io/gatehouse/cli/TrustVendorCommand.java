package io.gatehouse.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.fleet.TrustEdit;
import io.gatehouse.cli.fleet.TrustFile;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.trust.TrustDocument;
import io.gatehouse.protocol.trust.Vendor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says in a trust document who may sign bundles. */
@Command(
        name = "vendor",
        description = "Add, change or remove a vendor: whose bundles, signed by jarsigner, devices take.",
        footer = {
            "%nExamples:",
            "  gatehouse trust vendor trust.json acme --certificate acme-ca.pem --names com.acme.*",
            "  gatehouse trust vendor trust.json acme --remove"
        })
final class TrustVendorCommand implements Callable<Integer> {
    private final Supplier<Session> sessions;

    @Parameters(index = "0", paramLabel = "FILE", description = "The trust document.")
    private Path file = Path.of("");

    @Parameters(index = "1", paramLabel = "NAME", description = "What to call the vendor.")
    private String name = "";

    @Option(names = "--certificate", paramLabel = "PEM", description = "File with the certificate of its CA.")
    @Nullable
    private Path certificate;

    @Option(
            names = "--names",
            paramLabel = "NAME",
            split = ",",
            description = "Symbolic names that its bundles may have: com.acme.modbus, or com.acme.* for all below.")
    private List<String> names = List.of();

    @Option(
            names = "--grants",
            paramLabel = "JSON",
            description = "File with a JSON object: what its bundles may do beyond the usual.")
    @Nullable
    private Path grants;

    @Option(names = "--remove", description = "Trust it no more.")
    private boolean remove;

    TrustVendorCommand(Supplier<Session> sessions) {
        this.sessions = sessions;
    }

    @Override
    public Integer call() throws Trouble {
        TrustEdit edit = new TrustEdit(TrustFile.read(file));
        TrustDocument next = (remove ? edit.removeVendor(name) : edit.put(vendor())).next();
        TrustFile.write(file, next);
        sessions.get().screen().say(file + " is version " + next.version());
        return 0;
    }

    private Vendor vendor() throws Trouble {
        if (certificate == null || names.isEmpty()) {
            throw new Trouble(Trouble.Kind.USAGE, "a vendor needs --certificate and --names; --remove takes it away");
        }
        return new Vendor(name, text(certificate), names, grants == null ? Map.of() : object(grants));
    }

    private static Map<String, ?> object(Path file) throws Trouble {
        try {
            return Json.read(text(file).getBytes(UTF_8)).values();
        } catch (BadArgument e) {
            throw new Trouble(Trouble.Kind.USAGE, file + " is no JSON object: " + e.getMessage(), e);
        }
    }

    private static String text(Path file) throws Trouble {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new Trouble(Trouble.Kind.USAGE, "cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
