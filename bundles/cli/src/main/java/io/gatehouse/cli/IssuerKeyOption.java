package io.gatehouse.cli;

import io.gatehouse.cli.fleet.KeyFile;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.license.Pkcs11Key;
import io.gatehouse.cli.license.Pkcs11Uri;
import io.gatehouse.protocol.trust.Jwt;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** By which key an issuer signs its licenses. There is no usual one: whose license it is must be said. */
final class IssuerKeyOption {
    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = {
                "The issuer's private key, which signs the token itself; gatehouse",
                "key new makes one, and gatehouse trust add license=… lets devices",
                "believe it."
            })
    @Nullable
    private Path file;

    @Option(
            names = "--pkcs11",
            paramLabel = "URI",
            description = {
                "The issuer's key on a token in place of a file:",
                "'" + Pkcs11Uri.FORM + "'.",
                "The PIN is in the file that pin-source=file:/path in it names, or in",
                Pkcs11Key.PIN + ". Needs pkcs11-tool (OpenSC)."
            })
    @Nullable
    private String uri;

    /** The key; nothing that it needs is missing when this returns. */
    Jwt.Signer signer(Map<String, String> environment) throws Trouble {
        if ((file == null) == (uri == null)) {
            throw new Trouble(
                    Trouble.Kind.USAGE,
                    "by which key does the issuer sign? Give --key FILE or --pkcs11 URI, and one alone");
        }
        return file == null ? Pkcs11Key.open(Pkcs11Uri.parse(String.valueOf(uri)), environment) : KeyFile.read(file);
    }

    /** Where it is, if it is in a file. */
    Optional<Path> file() {
        return Optional.ofNullable(file);
    }
}
