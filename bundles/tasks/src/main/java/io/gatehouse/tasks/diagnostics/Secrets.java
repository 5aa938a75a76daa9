package io.gatehouse.tasks.diagnostics;

import java.lang.reflect.Array;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps secrets out of text. What is a secret is seen by the name of its key; what was found to be one is masked wherever it stands, in
 * other files too. What looks like one in a line of any program or log is masked as well. For one thread.
 */
final class Secrets {
    static final String MASK = "***";

    private static final Pattern WORD =
            Pattern.compile("passw|passphrase|pwd|secret|token|credential|psk|private|key|auth|(?<![a-z])pin(?![a-z])");

    /** {@code password=x}, {@code "token": "x"}, {@code Authorization: Bearer x}. */
    private static final Pattern NAMED = Pattern.compile(
            "(?i)((?:passw(?:or)?d|passphrase|passwd|pwd|secret|token|credentials?|psk|api[_-]?key|private[_-]?key|authorization)"
                    + "[\"']?\\s*[=:]\\s*(?:bearer\\s+|basic\\s+)?[\"']?)([^\\s\"',;&]+)");

    /** The user and password of a URI; bounded, so that a long text without blanks takes no longer than others. */
    private static final Pattern USERINFO = Pattern.compile("(://)[^/\\s\"'@]{1,512}@");

    private static final Pattern PEM = Pattern.compile(
            "(-----BEGIN [A-Z ]*PRIVATE KEY-----).*?(-----END [A-Z ]*PRIVATE KEY-----|$)", Pattern.DOTALL);

    /** What is shorter is in too many other words. */
    private static final int SHORTEST = 4;

    /** As is this, of settings that say of a secret whether it is used. */
    private static final Set<String> EVERYDAY = Set.of("true", "false");

    /** The longest first, so that none is masked in part. */
    private final Set<String> known = new TreeSet<>(
            (a, b) -> a.length() == b.length() ? a.compareTo(b) : Integer.compare(b.length(), a.length()));

    /** Whether a key's value is not to be shown. */
    static boolean isSecret(String key) {
        String words = key.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
        return WORD.matcher(words).find();
    }

    /** Notes the secrets among these values, by their keys. */
    void learn(Map<String, ?> values) {
        values.forEach((key, value) -> {
            if (isSecret(key)) {
                learn(value);
            }
        });
    }

    private void learn(@Nullable Object value) {
        if (value instanceof Collection<?> values) {
            values.forEach(this::learn);
        } else if (value != null && value.getClass().isArray()) {
            for (int at = 0; at < Array.getLength(value); at++) {
                learn(Array.get(value, at));
            }
        } else if (value instanceof String text && text.strip().length() >= SHORTEST && !EVERYDAY.contains(text)) {
            known.add(text.strip());
        }
    }

    /** A key's value, as it may be shown. */
    static String shown(String key, @Nullable Object value) {
        return isSecret(key) ? MASK : text(value);
    }

    private static String text(@Nullable Object value) {
        if (value != null && value.getClass().isArray()) {
            StringBuilder all = new StringBuilder("[");
            for (int at = 0; at < Array.getLength(value); at++) {
                all.append(at == 0 ? "" : ", ").append(Array.get(value, at));
            }
            return all.append(']').toString();
        }
        return String.valueOf(value);
    }

    /** A text without any secret that is known or looks like one. */
    String masked(String text) {
        String masked = PEM.matcher(text).replaceAll("$1" + MASK + "$2");
        for (String secret : known) {
            masked = masked.replace(secret, MASK);
        }
        masked = USERINFO.matcher(masked).replaceAll("$1" + MASK + "@");
        return NAMED.matcher(masked).replaceAll("$1" + MASK);
    }
}
