package io.gatehouse.launcher;

import io.gatehouse.software.Bounds;
import io.gatehouse.software.Document;
import io.gatehouse.software.Part;
import io.gatehouse.software.Verdict;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What the launcher keeps, as JSON values and back. */
final class Codec {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private Codec() {}

    static Map<String, Object> write(Committed committed) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("change", committed.change());
        members.put(
                "bundles",
                committed.document().parts().stream().map(Codec::write).toList());
        members.put("configurations", new TreeMap<>(committed.document().configurations()));
        members.put("desired", new TreeMap<>(committed.document().desired()));
        committed.verdict().ifPresent(verdict -> members.put("verdict", write(verdict)));
        return members;
    }

    static Committed committed(Map<String, ?> members) throws IOException {
        Object verdict = members.get("verdict");
        return new Committed(
                integer(members, "change"),
                new Document(parts(members), configurations(members), strings(needed(members, "desired", Map.class))),
                verdict == null ? Optional.empty() : Optional.of(verdict(needed(members, "verdict", Map.class))));
    }

    static Map<String, Object> write(Attempt attempt) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("change", attempt.change());
        members.put("desired", new TreeMap<>(attempt.desired()));
        members.put("tries", attempt.tries());
        return members;
    }

    static Attempt attempt(Map<String, ?> members) throws IOException {
        return new Attempt(integer(members, "change"), strings(needed(members, "desired", Map.class)), (int)
                integer(members, "tries"));
    }

    static Map<String, Object> write(Ended ended) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("change", ended.change());
        members.putAll(write(ended.verdict()));
        return members;
    }

    static Ended ended(Map<String, ?> members) throws IOException {
        return new Ended(integer(members, "change"), verdict(members));
    }

    static Map<String, Object> write(Part part) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("id", part.id());
        members.put("symbolicName", part.symbolicName());
        members.put("version", part.version());
        members.put("sha256", part.sha256());
        members.put("size", part.size());
        part.bounds().ifPresent(bounds -> members.put("bounds", write(bounds)));
        return members;
    }

    private static Map<String, Object> write(Bounds bounds) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("vendor", bounds.vendor());
        members.put("names", bounds.names());
        members.put("packages", bounds.packages());
        members.put("services", bounds.services());
        members.put("exports", bounds.exports());
        return members;
    }

    static Part part(Map<String, ?> members) throws IOException {
        Part part = checked(new Part(
                needed(members, "id", String.class),
                needed(members, "symbolicName", String.class),
                needed(members, "version", String.class),
                needed(members, "sha256", String.class),
                integer(members, "size")));
        return members.containsKey("bounds") ? part.within(bounds(members)) : part;
    }

    /** What cannot be read must not be taken for none: then the bundle would be held to nothing. */
    private static Bounds bounds(Map<String, ?> part) throws IOException {
        Map<String, ?> members = object("bounds", needed(part, "bounds", Map.class));
        return new Bounds(
                needed(members, "vendor", String.class),
                texts(needed(members, "names", List.class)),
                texts(needed(members, "packages", List.class)),
                texts(needed(members, "services", List.class)),
                texts(needed(members, "exports", List.class)));
    }

    /**
     * Checks what becomes the name of a file.
     *
     * @return the part as it is
     */
    static Part checked(Part part) throws IOException {
        if (!Part.isSymbolicName(part.symbolicName())) {
            throw new IOException(
                    "has a symbolic name with other than letters, digits, '.', '_' and '-': " + part.symbolicName());
        }
        if (!isSha256(part.sha256())) {
            throw new IOException(
                    "has a SHA-256 for " + part.symbolicName() + " that is not 64 hex digits: " + part.sha256());
        }
        return part;
    }

    static boolean isSha256(String text) {
        return SHA256.matcher(text).matches();
    }

    static List<Map<String, ?>> objects(Map<String, ?> members, String name) throws IOException {
        List<Map<String, ?>> objects = new ArrayList<>();
        for (Object element : needed(members, name, List.class)) {
            objects.add(object(name, element));
        }
        return objects;
    }

    static <T> T needed(Map<String, ?> members, String name, Class<T> type) throws IOException {
        Object value = members.get(name);
        if (!type.isInstance(value)) {
            throw new IOException("has no " + type.getSimpleName() + " under \"" + name + "\": " + value);
        }
        return type.cast(value);
    }

    private static Map<String, Object> write(Verdict verdict) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("state", verdict.state().name());
        members.put("desired", new TreeMap<>(verdict.desired()));
        members.put("type", verdict.type());
        members.put("detail", verdict.detail());
        members.put("restarted", verdict.restarted());
        members.put("took", verdict.took().toString());
        return members;
    }

    private static Verdict verdict(Map<?, ?> values) throws IOException {
        Map<String, ?> members = object("verdict", values);
        try {
            return new Verdict(
                    Verdict.State.valueOf(needed(members, "state", String.class)),
                    strings(needed(members, "desired", Map.class)),
                    needed(members, "type", String.class),
                    needed(members, "detail", String.class),
                    texts(needed(members, "restarted", List.class)),
                    Duration.parse(needed(members, "took", String.class)));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IOException("has a verdict that cannot be read: " + members, e);
        }
    }

    private static List<Part> parts(Map<String, ?> members) throws IOException {
        List<Part> parts = new ArrayList<>();
        for (Map<String, ?> bundle : objects(members, "bundles")) {
            parts.add(part(bundle));
        }
        return parts;
    }

    /** Configurations by PID, as documents and the image have them. */
    static Map<String, Map<String, Object>> configurations(Map<String, ?> members) throws IOException {
        Map<String, Map<String, Object>> byPid = new LinkedHashMap<>();
        Map<String, ?> all = object("configurations", needed(members, "configurations", Map.class));
        for (Map.Entry<String, ?> one : all.entrySet()) {
            byPid.put(one.getKey(), new LinkedHashMap<>(object(one.getKey(), one.getValue())));
        }
        return byPid;
    }

    static Map<String, String> strings(Map<?, ?> values) {
        Map<String, String> strings = new LinkedHashMap<>();
        values.forEach((name, value) -> strings.put(String.valueOf(name), String.valueOf(value)));
        return strings;
    }

    private static List<String> texts(List<?> values) {
        return values.stream().map(String::valueOf).toList();
    }

    private static long integer(Map<String, ?> members, String name) throws IOException {
        return needed(members, name, Number.class).longValue();
    }

    @SuppressWarnings("unchecked") // JSON objects have no names but strings
    private static Map<String, ?> object(String name, Object value) throws IOException {
        if (value instanceof Map<?, ?> map) {
            return (Map<String, ?>) map;
        }
        throw new IOException("has no object under \"" + name + "\": " + value);
    }
}
