package io.gatehouse.cli;

import io.gatehouse.cli.ca.TlsFiles;
import io.gatehouse.cli.fleet.Security;
import io.gatehouse.cli.fleet.Trouble;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** By what a command believes the broker, and shows who it is. */
final class TlsOptions {
    @Option(
            names = "--ca",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = {
                "Certificates (PEM) of who may vouch for the broker. Without it: GATEHOUSE_CA,",
                "or else whom Java trusts."
            })
    @Nullable
    private Path ca;

    @Option(
            names = "--cert",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = {
                "By which the broker knows you (PEM); gatehouse ca certificate makes one.",
                "Without it: GATEHOUSE_CERT."
            })
    @Nullable
    private Path certificate;

    @Option(
            names = "--cert-key",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "The certificate's private key (PEM). Without it: GATEHOUSE_CERT_KEY.")
    @Nullable
    private Path key;

    @Option(
            names = "--plaintext",
            scope = ScopeType.INHERIT,
            description = {
                "Speak to a broker on another machine without TLS (tcp://), where others may listen.",
                "Without it: GATEHOUSE_PLAINTEXT=true."
            })
    private boolean plaintext;

    /** Reads the files that were named. */
    Security security(Map<String, String> environment) throws Trouble {
        return files(environment)
                .security()
                .permitting(plaintext || Boolean.parseBoolean(environment.get("GATEHOUSE_PLAINTEXT")));
    }

    private TlsFiles files(Map<String, String> environment) {
        return new TlsFiles(
                file(ca, environment.get("GATEHOUSE_CA")),
                file(certificate, environment.get("GATEHOUSE_CERT")),
                file(key, environment.get("GATEHOUSE_CERT_KEY")));
    }

    private static Optional<Path> file(@Nullable Path named, @Nullable String otherwise) {
        return Optional.ofNullable(named).or(() -> Optional.ofNullable(otherwise)
                .filter(name -> !name.isBlank())
                .map(Path::of));
    }
}
