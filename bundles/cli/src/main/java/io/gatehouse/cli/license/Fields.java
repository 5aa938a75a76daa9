package io.gatehouse.cli.license;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What somebody wants of a license, as it was written: by options, or in a row of a table, which then lies over them.
 *
 * @param values by the names below; a blank one counts as absent
 */
public record Fields(Map<String, String> values) {
    /** The scope whose devices it is for. */
    public static final String FOR = "for";

    public static final String ID = "id";
    public static final String SEQUENCE = "seq";
    public static final String FROM = "from";
    public static final String UNTIL = "until";
    public static final String LASTS = "lasts";
    public static final String GRACE = "grace";
    public static final String SUBSCRIPTION_UNTIL = "subscription-until";
    public static final String LEASE = "lease";
    public static final String EVALUATION = "evaluation";
    public static final String FEATURES = "features";
    public static final String HARDWARE = "hardware";
    public static final String AT_LEAST = "at-least";

    /** All but the scope. */
    public static final List<String> CLAIMS = List.of(
            ID,
            SEQUENCE,
            FEATURES,
            FROM,
            UNTIL,
            LASTS,
            GRACE,
            SUBSCRIPTION_UNTIL,
            LEASE,
            EVALUATION,
            HARDWARE,
            AT_LEAST);

    public Fields {
        Map<String, String> present = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            if (!value.isBlank()) {
                present.put(name, value.strip());
            }
        });
        values = Map.copyOf(present);
    }

    /** With these in the place of those of the same names. One end takes the place of the other. */
    public Fields under(Fields others) {
        Map<String, String> both = new LinkedHashMap<>(values);
        if (others.text(UNTIL).isPresent() || others.text(LASTS).isPresent()) {
            both.remove(UNTIL);
            both.remove(LASTS);
        }
        both.putAll(others.values);
        return new Fields(both);
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name));
    }

    String needed(String name, String whatItIs) throws WrongField {
        return text(name).orElseThrow(() -> new WrongField(name, "is missing: " + whatItIs));
    }

    Optional<Instant> time(String name) throws WrongField {
        return read(name, Moments::time, Moments.TIME);
    }

    /**
     * A length of time.
     *
     * @throws WrongField if it is none
     */
    public Optional<Duration> length(String name) throws WrongField {
        return read(name, Moments::length, Moments.LENGTH);
    }

    Optional<Long> number(String name) throws WrongField {
        return read(
                name,
                text -> text.matches("[0-9]{1,18}") ? Optional.of(Long.valueOf(text)) : Optional.empty(),
                "a whole number");
    }

    /** Several, between which there are blanks or semicolons. */
    List<String> words(String name) {
        return Arrays.stream(values.getOrDefault(name, "").split("[\\s;]+", -1))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private <T> Optional<T> read(String name, Function<String, Optional<T>> reader, String form) throws WrongField {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<T> value = reader.apply(text.get());
        if (value.isEmpty()) {
            throw new WrongField(name, "must be " + form + ": " + text.get());
        }
        return value;
    }
}
