package io.gatehouse.protocol.trust;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

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
                .map(entry -> Fleet.key(entry.getValue(), "dwr", entry.getKey()))
                .toArray(TrustedKey[]::new);
        return new Trust(key(Role.ROOT).kid(), Optional.of(Fleet.document(1, trusted)));
    }
}
