package io.gatehouse.program;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A kind of trouble that a program tells by its words alone, where its exit code is the same for all of them.
 *
 * @param type what it is called
 * @param words that tell it, with one group: what of them is passed on
 */
public record Complaint(String type, Pattern words) {
    public Complaint {
        if (words.matcher("").groupCount() != 1) {
            throw new IllegalArgumentException("not one group: " + words);
        }
    }

    /**
     * What a program complained of.
     *
     * @param type of the complaint
     * @param words of the program
     */
    public record Heard(String type, String words) {}

    /** The first of these kinds that is in what a program said, whichever of them it said first. */
    public static Optional<Heard> first(List<Complaint> kinds, String said) {
        for (Complaint kind : kinds) {
            Matcher matcher = kind.words.matcher(said);
            if (matcher.find()) {
                return Optional.of(new Heard(kind.type, matcher.group(1).strip()));
            }
        }
        return Optional.empty();
    }
}
