package io.gatehouse.protocol.trust;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A key that a trust document names. Its {@code kid} is its thumbprint, so that no document can give one key's name to another.
 *
 * @param roles what it may sign
 * @param scopes where that may be published
 * @param retired whether it signs nothing new
 * @param licensor what it may issue where one of its roles is {@link Role#LICENSE}; nothing otherwise
 */
public record TrustedKey(Jwk jwk, Set<Role> roles, List<Scope> scopes, boolean retired, Optional<Licensor> licensor) {
    public TrustedKey {
        roles = roles.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(roles));
        scopes = List.copyOf(scopes);
    }

    /** One that issues no licenses. */
    public TrustedKey(Jwk jwk, Set<Role> roles, List<Scope> scopes, boolean retired) {
        this(jwk, roles, scopes, retired, Optional.empty());
    }

    /**
     * Reads a key.
     *
     * @param members the object, with its path in the document it came in
     * @throws BadArgument naming the member that is missing or will not do
     */
    static TrustedKey read(Members members) {
        Jwk jwk = Jwk.read(members.object("jwk"));
        String kid = members.string("kid");
        if (!kid.equals(jwk.thumbprint())) {
            throw members.wrong("kid", kid, "the thumbprint of its jwk, " + jwk.thumbprint());
        }
        Set<Role> roles = roles(members);
        return new TrustedKey(
                jwk,
                roles,
                scopes(members),
                members.bool("retired", false),
                roles.contains(Role.LICENSE) ? Optional.of(Licensor.read(members)) : Optional.empty());
    }

    /** The same, which signs nothing new. */
    public TrustedKey retire() {
        return new TrustedKey(jwk, roles, scopes, true, licensor);
    }

    /** The same, for what is published at these scopes. */
    public TrustedKey within(List<Scope> others) {
        return new TrustedKey(jwk, roles, others, retired, licensor);
    }

    public String kid() {
        return jwk.thumbprint();
    }

    /** Whether it may sign trust documents today. */
    boolean isLivingRoot() {
        return roles.contains(Role.ROOT) && !retired;
    }

    /** Whether it may sign what is published at this scope, and license what lies there; whole levels only. */
    public boolean covers(String scope) {
        return scopes.stream().anyMatch(own -> own.contains(scope));
    }

    Map<String, Object> write() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("kid", kid());
        members.put("jwk", jwk.write());
        members.put("roles", roles.stream().map(Role::word).toList());
        members.put("scopes", scopes.stream().map(Scope::path).toList());
        licensor.ifPresent(issues -> issues.write(members));
        members.put("retired", retired);
        return members;
    }

    private static Set<Role> roles(Members members) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (String word : members.strings("roles")) {
            List<String> words = Arrays.stream(Role.values()).map(Role::word).toList();
            roles.add(Role.of(word).orElseThrow(() -> members.wrong("roles", word, "of " + String.join(", ", words))));
        }
        if (roles.isEmpty()) {
            throw new BadArgument(members.path("roles") + " must name a role: a key without one may sign nothing");
        }
        return roles;
    }

    private static List<Scope> scopes(Members members) {
        List<Scope> scopes = new ArrayList<>();
        for (String path : members.strings("scopes")) {
            try {
                scopes.add(new Scope(path));
            } catch (IllegalArgumentException e) {
                throw new BadArgument(members.path("scopes") + "[" + scopes.size() + "]: " + e.getMessage());
            }
        }
        if (scopes.isEmpty()) {
            throw new BadArgument(members.path("scopes") + " must name a scope: a key without one may sign nothing");
        }
        return scopes;
    }
}
