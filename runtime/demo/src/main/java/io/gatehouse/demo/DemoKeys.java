package io.gatehouse.demo;

import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.KeyFile;
import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.fleet.TrustEdit;
import io.gatehouse.cli.fleet.TrustFile;
import io.gatehouse.cli.fleet.Wish;
import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.trust.Licensor;
import io.gatehouse.protocol.trust.Role;
import io.gatehouse.protocol.trust.SigningKey;
import io.gatehouse.protocol.trust.TrustDocument;
import io.gatehouse.protocol.trust.TrustedKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Keys for trying: a root's, an operator's and one that issues licenses, and the trust document that names them, in files of one folder that are made
 * once. Whoever tries {@code gatehouse trust} changes these files.
 */
final class DemoKeys {
    /** Who issues licenses in the demo. */
    private static final String ISSUER = "demo";

    private final Path folder;
    private final SigningKey root;
    private final SigningKey operator;
    private final SigningKey license;

    /** Reads the keys of a folder, or makes them. */
    static DemoKeys in(Path folder) throws Trouble, IOException {
        Files.createDirectories(folder);
        return new DemoKeys(
                folder, key(rootFile(folder)), key(operatorFile(folder)), key(folder.resolve("license.key")));
    }

    private DemoKeys(Path folder, SigningKey root, SigningKey operator, SigningKey license) {
        this.folder = folder;
        this.root = root;
        this.operator = operator;
        this.license = license;
    }

    /** The thumbprint of the root that the gateway is given. */
    String root() {
        return root.kid();
    }

    Path operatorFile() {
        return operatorFile(folder);
    }

    /** What makes the device trust these keys, signed; its document covers the device from now on. */
    Message trust(String device, Optional<String> place, Clock clock) throws Trouble {
        Path file = folder.resolve("trust.json");
        TrustDocument written = Files.exists(file) ? TrustFile.read(file) : new TrustDocument(0, first(), List.of());
        TrustEdit edit = new TrustEdit(written);
        boolean covers = written.version() > 0;
        for (TrustedKey key : written.keys()) {
            boolean isOurs =
                    Stream.of(root, operator, license).anyMatch(own -> own.kid().equals(key.kid()));
            List<Scope> scopes = covering(key.scopes(), device, place);
            if (isOurs && !scopes.equals(key.scopes())) {
                edit.put(key.within(scopes));
                covers = false;
            }
        }
        TrustDocument document = covers ? written : edit.next();
        if (!covers) {
            TrustFile.write(file, document);
        }
        return new Signer(List.of(root), clock)
                .sign(Wish.trust(new Scope(device), document).message());
    }

    private List<TrustedKey> first() {
        return List.of(
                new TrustedKey(root.jwk(), Set.of(Role.ROOT), List.of(), false),
                new TrustedKey(operator.jwk(), Set.of(Role.OPERATOR, Role.VOUCH, Role.FIRMWARE), List.of(), false),
                new TrustedKey(
                        license.jwk(),
                        Set.of(Role.LICENSE),
                        List.of(),
                        false,
                        Optional.of(new Licensor(ISSUER, List.of("*")))));
    }

    /** These, and the device's family and the root of its place where they did not cover them. */
    private static List<Scope> covering(List<Scope> scopes, String device, Optional<String> place) {
        List<Scope> all = new ArrayList<>(scopes);
        List<String> paths = new ArrayList<>(List.of(device));
        place.ifPresent(paths::add);
        for (String path : paths) {
            if (all.stream().noneMatch(scope -> scope.contains(path))) {
                all.add(new Scope(path.split("/", -1)[0]));
            }
        }
        return all;
    }

    private static Path rootFile(Path folder) {
        return folder.resolve("root.key");
    }

    private static Path operatorFile(Path folder) {
        return folder.resolve("operator.key");
    }

    private static SigningKey key(Path file) throws Trouble {
        return Files.exists(file) ? KeyFile.read(file) : KeyFile.create(file);
    }
}
