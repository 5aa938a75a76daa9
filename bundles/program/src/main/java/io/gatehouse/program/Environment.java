package io.gatehouse.program;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a program of this machine sees of its surroundings: nothing of the gateway's own, which may hold passwords, but its {@code PATH} and
 * {@code HOME}; and English.
 */
public final class Environment {
    /** Where programs are, those for administrators among them. */
    static final String USUAL_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private Environment() {}

    /** Puts it in the place of another, as of {@link ProcessBuilder#environment}. */
    public static void replace(Map<String, String> environment) {
        Map<String, String> own = new HashMap<>(environment);
        environment.clear();
        environment.put("PATH", Optional.ofNullable(own.get("PATH")).orElse(USUAL_PATH));
        environment.put("HOME", Optional.ofNullable(own.get("HOME")).orElse("/"));
        environment.put("LANG", "C");
        environment.put("LC_ALL", "C");
    }
}
