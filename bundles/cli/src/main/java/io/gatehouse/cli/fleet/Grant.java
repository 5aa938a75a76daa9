package io.gatehouse.cli.fleet;

import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.trust.Licensor;
import io.gatehouse.protocol.trust.Role;
import io.gatehouse.protocol.trust.TrustedKey;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a key may sign, as it is typed: {@code operator,vouch=anna.jwk@dwr/311-a1,world/asia}. */
public final class Grant {
    /** How it is written. */
    public static final String FORM = "ROLE[,ROLE]=KEYFILE@SCOPE[,SCOPE]";

    private Grant() {}

    /**
     * Reads a grant and the key that it names.
     *
     * @param licensor what the key may issue where one of its roles is {@code license}
     * @throws Trouble naming the part that will not do, or if the role and what it may issue are not there together
     */
    public static TrustedKey read(String text, Optional<Licensor> licensor) throws Trouble {
        int equals = text.indexOf('=');
        int at = text.lastIndexOf('@');
        if (equals < 1 || at <= equals + 1) {
            throw new Trouble(
                    Trouble.Kind.USAGE,
                    "not a grant: " + text + "; write it as " + FORM + ", for example operator,vouch=anna.jwk@dwr");
        }
        Set<Role> roles = roles(text.substring(0, equals));
        List<Scope> scopes = scopes(text.substring(at + 1));
        if (roles.contains(Role.LICENSE) && licensor.isEmpty()) {
            throw new Trouble(
                    Trouble.Kind.USAGE,
                    "a key with the role license has an issuer's name, and features that it may grant: add --issuer acme"
                            + " --features com.acme.* for " + text);
        }
        try {
            return new TrustedKey(
                    KeyFile.readPublic(Path.of(text.substring(equals + 1, at))),
                    roles,
                    scopes,
                    false,
                    licensor.filter(any -> roles.contains(Role.LICENSE)));
        } catch (InvalidPathException e) {
            throw new Trouble(Trouble.Kind.USAGE, "not a file's name in " + text + ": " + e.getMessage(), e);
        }
    }

    private static Set<Role> roles(String words) throws Trouble {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (String word : words.split(",", -1)) {
            roles.add(Role.of(word)
                    .orElseThrow(() -> new Trouble(
                            Trouble.Kind.USAGE,
                            "no such role: " + word + "; there are "
                                    + Arrays.stream(Role.values())
                                            .map(Role::word)
                                            .collect(Collectors.joining(", ")))));
        }
        return roles;
    }

    private static List<Scope> scopes(String paths) throws Trouble {
        List<Scope> scopes = new ArrayList<>();
        for (String path : paths.split(",", -1)) {
            try {
                scopes.add(new Scope(path));
            } catch (IllegalArgumentException e) {
                throw new Trouble(Trouble.Kind.USAGE, String.valueOf(e.getMessage()), e);
            }
        }
        return scopes;
    }
}
