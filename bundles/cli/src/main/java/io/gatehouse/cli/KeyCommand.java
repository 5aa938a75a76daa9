package io.gatehouse.cli;

import io.gatehouse.cli.fleet.KeyFile;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.license.Pkcs11Key;
import io.gatehouse.cli.license.Pkcs11Uri;
import io.gatehouse.cli.screen.Screen;
import io.gatehouse.protocol.trust.Jwk;
import io.gatehouse.protocol.trust.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes and shows keys. */
@Command(
        name = "key",
        description = {
            "Make and show the keys that sign what devices are told.",
            "What a key may sign stands in the trust document that devices have: gatehouse trust --help"
        },
        footer = {"%nExamples:", "  gatehouse key new", "  gatehouse key new root.key", "  gatehouse key show root.key"
        })
final class KeyCommand {
    private final Supplier<Session> sessions;

    KeyCommand(Supplier<Session> sessions) {
        this.sessions = sessions;
    }

    @Command(
            name = "new",
            description = {
                "Make a private key (Ed25519) in a new file that only its owner can read, and print its thumbprint.",
                "There is no second copy: keep one, of a root key offline."
            },
            footer = {"%nExamples:", "  gatehouse key new", "  gatehouse key new root.key"})
    int create(
            @Parameters(
                            arity = "0..1",
                            paramLabel = "FILE",
                            description = "Without it ~/.config/gatehouse/operator.key, which signs by default.")
                    @Nullable
                    Path file)
            throws Trouble {
        Session session = sessions.get();
        Path target = file == null ? ownFile(session) : file;
        SigningKey key = KeyFile.create(target);
        show(session.screen(), key);
        session.screen()
                .note("written to " + target + "; who may trust it gets the output of gatehouse key show " + target);
        return 0;
    }

    private static void show(Screen screen, SigningKey key) {
        if (screen.json()) {
            screen.object(KeyFile.publicMembers(key.jwk()));
        } else {
            screen.line(key.kid());
        }
    }

    private static Path ownFile(Session session) throws Trouble {
        Path own = session.ownKeyFile()
                .orElseThrow(
                        () -> new Trouble(Trouble.Kind.USAGE, "neither HOME nor XDG_CONFIG_HOME is set: name a FILE"));
        Path folder = Optional.ofNullable(own.getParent()).orElseThrow();
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            return own;
        } catch (IOException e) {
            throw new Trouble(Trouble.Kind.USAGE, "cannot make the folder " + folder + ": " + e.getMessage(), e);
        }
    }

    @Command(
            name = "show",
            description =
                    "Print a key's public half with its thumbprint (kid), as a JSON Web Key: for whoever shall trust it.",
            footer = {
                "%nExamples:",
                "  gatehouse key show anna.key >anna.jwk",
                "  gatehouse key show --pkcs11 'pkcs11:token=vault;object=acme?module-path=/usr/lib/softhsm/libsofthsm2.so'"
            })
    int show(
            @Parameters(
                            arity = "0..1",
                            paramLabel = "FILE",
                            description = "The file of a private key, or of a public one (JSON).")
                    @Nullable
                    Path file,
            @Option(
                            names = "--pkcs11",
                            paramLabel = "URI",
                            description = {
                                "In place of a file a key on a token; needs pkcs11-tool (OpenSC):",
                                "'" + Pkcs11Uri.FORM + "'."
                            })
                    @Nullable
                    String uri)
            throws Trouble {
        if ((file == null) == (uri == null)) {
            throw new Trouble(Trouble.Kind.USAGE, "which key? Give its FILE, or --pkcs11 URI");
        }
        Jwk key = file == null ? Pkcs11Key.publicKey(Pkcs11Uri.parse(String.valueOf(uri))) : KeyFile.readPublic(file);
        sessions.get().screen().object(KeyFile.publicMembers(key));
        return 0;
    }
}
