package io.gatehouse.cli;

import io.gatehouse.api.command.Members;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.protocol.Base64Url;
import io.gatehouse.protocol.DeviceName;
import io.gatehouse.protocol.reach.TerminalStatement;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** By whose word a device is known for itself, whatever the broker says. */
final class FleetAuthority {
    @Option(
            names = "--fleet-ca",
            paramLabel = "FILE",
            description = {
                "Certificate (PEM) of the authority that gave the device its own: the device must show then that",
                "the answer is its own. Without it the broker is believed."
            })
    @Nullable
    private Path file;

    /**
     * Checks that the device, and nobody on the way, has opened a terminal.
     *
     * @param askersKey as it was asked for
     * @param devicesKey as it was answered
     * @param note is told where nothing can be checked
     * @throws Trouble if an authority is named, and the device does not show it
     */
    void check(OneDevice.Answer answer, String askersKey, String devicesKey, Clock clock, Consumer<String> note)
            throws Trouble {
        if (file == null) {
            note.accept("the broker is believed that this is " + answer.device() + "; --fleet-ca FILE would check it");
            return;
        }
        try {
            Optional<Members> attestation = answer.result().optionalObject(TerminalStatement.MEMBER);
            if (attestation.isEmpty()) {
                throw new Trouble(
                        Trouble.Kind.REFUSED,
                        answer.device() + " shows nothing that the authority in " + file + " vouches for: it has no"
                                + " certificate, or something on the way took that out");
            }
            new TerminalStatement(
                            DeviceName.parse(answer.device()),
                            Base64Url.encode(answer.correlation()),
                            askersKey,
                            devicesKey)
                    .check(attestation.get(), certificates(file), clock);
        } catch (CertificateException | IllegalArgumentException e) {
            throw new Trouble(Trouble.Kind.REFUSED, String.valueOf(e.getMessage()), e);
        }
    }

    private static Collection<X509Certificate> certificates(Path file) throws Trouble {
        try (InputStream in = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (IOException | CertificateException e) {
            throw new Trouble(Trouble.Kind.USAGE, "cannot read certificates from " + file + ": " + e.getMessage(), e);
        }
    }
}
