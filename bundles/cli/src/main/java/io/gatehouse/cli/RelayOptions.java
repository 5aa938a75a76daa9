package io.gatehouse.cli;

import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.reach.OwnAddress;
import io.gatehouse.cli.reach.RelayAddress;
import io.gatehouse.protocol.trust.Relay;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** At which SSH server the device and the operator meet. */
final class RelayOptions {
    @Option(
            names = "--relay",
            paramLabel = "USER@HOST[:PORT]",
            description = {
                "An SSH server that lets the device's key in (gatehouse tunnel key prints it).",
                "Without it this command is the server, and the device must reach this machine."
            })
    @Nullable
    private String relay;

    @Option(
            names = "--host-key",
            paramLabel = "SHA256:…",
            description = {
                "The fingerprint of that server's key, as ssh-keygen -lf prints it. Where the trust document",
                "names relays, theirs counts for the device."
            })
    @Nullable
    private String hostKey;

    @Option(
            names = "--certificate",
            paramLabel = "FILE",
            description = "An OpenSSH certificate for the device's key, where the server goes by certificates.")
    @Nullable
    private Path certificate;

    @Option(
            names = "--relay-bind",
            paramLabel = "HOST[:PORT]",
            description = {
                "Without --relay: where to listen for the device. Usually a free port at the address by which",
                "this machine reaches the broker."
            })
    @Nullable
    private String bind;

    @Option(
            names = "--relay-address",
            paramLabel = "HOST:PORT",
            description = "Without --relay: how the device reaches that, where there is address translation between.")
    @Nullable
    private String address;

    /** The option that was given, or the first of several; nothing where none was. */
    Optional<String> given() {
        Map<String, Optional<?>> options = new LinkedHashMap<>();
        options.put("--relay", Optional.ofNullable(relay));
        options.put("--host-key", Optional.ofNullable(hostKey));
        options.put("--certificate", Optional.ofNullable(certificate));
        options.put("--relay-bind", Optional.ofNullable(bind));
        options.put("--relay-address", Optional.ofNullable(address));
        return options.entrySet().stream()
                .filter(option -> option.getValue().isPresent())
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** The server that was named. */
    Optional<RelayAddress> relay() throws Trouble {
        if (relay == null) {
            return Optional.empty();
        }
        if (bind != null || address != null) {
            throw new Trouble(Trouble.Kind.USAGE, "--relay-bind and --relay-address are for whoever names no --relay");
        }
        return Optional.of(RelayAddress.parse(relay));
    }

    /** As whom the device logs in at the server that was named. */
    static String user(RelayAddress relay) throws Trouble {
        return relay.user()
                .orElseThrow(() -> new Trouble(
                        Trouble.Kind.USAGE, "as whom does the device log in? Write USER@" + relay.hostAndPort()));
    }

    Optional<String> hostKey() throws Trouble {
        if (hostKey != null && !Relay.isFingerprint(hostKey)) {
            throw new Trouble(
                    Trouble.Kind.USAGE,
                    "not a key's fingerprint: " + hostKey + "; SHA256:… as ssh-keygen -lf prints it");
        }
        return Optional.ofNullable(hostKey);
    }

    Optional<String> certificate() throws Trouble {
        if (certificate == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(certificate).strip());
        } catch (IOException e) {
            throw new Trouble(Trouble.Kind.USAGE, "cannot read " + certificate + ": " + e.getMessage(), e);
        }
    }

    /** Where this machine listens for the device. */
    InetSocketAddress bind(URI broker) throws Trouble {
        if (bind == null) {
            return new InetSocketAddress(OwnAddress.towards(broker), 0);
        }
        RelayAddress named = RelayAddress.parse(bind, 0);
        try {
            return new InetSocketAddress(InetAddress.getByName(named.plainHost()), named.port());
        } catch (UnknownHostException e) {
            throw new Trouble(Trouble.Kind.USAGE, "no such address: " + named.plainHost(), e);
        }
    }

    /** How the device reaches this machine, which listens there. */
    String address(InetAddress bound, int port, URI broker) throws Trouble {
        if (address != null) {
            return RelayAddress.parse(address, port).hostAndPort();
        }
        InetAddress own = bound.isAnyLocalAddress() ? OwnAddress.towards(broker) : bound;
        String host = own.getHostAddress().replaceFirst("%.*", "");
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
