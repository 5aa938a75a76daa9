package io.gatehouse.protocol.trust;

import io.gatehouse.protocol.Scope;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A key for each role, with no other role, all of the widest scope. */
final class Keyring {
    private final Map<Role, SigningKey> keys = new EnumMap<>(Role.class);

    Keyring() {
        Arrays.stream(Role.values()).forEach(role -> keys.put(role, SigningKey.generate()));
    }

    SigningKey key(Role role) {
        return keys.get(role);
    }

    Trust trust() {
        TrustedKey[] trusted = keys.entrySet().stream()
                .map(entry -> trusted(entry.getValue(), entry.getKey()))
                .toArray(TrustedKey[]::new);
        return new Trust(key(Role.ROOT).kid(), Optional.of(Fleet.document(1, trusted)));
    }

    private static TrustedKey trusted(SigningKey key, Role role) {
        Optional<Licensor> licensor =
                role == Role.LICENSE ? Optional.of(new Licensor("acme", List.of("*"))) : Optional.empty();
        return new TrustedKey(key.jwk(), Set.of(role), List.of(new Scope("dwr")), false, licensor);
    }
}
