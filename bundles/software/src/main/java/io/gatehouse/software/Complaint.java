package io.gatehouse.software;

/**
 * Something that is not well.
 *
 * @param words for an operator, naming bundle and cause; the same trouble has the same words
 * @param isPassing whether it may pass by itself, so that a change waits for that until its deadline
 */
public record Complaint(String words, boolean isPassing) {
    /** Trouble that stays, as far as whoever complains can tell. */
    public static Complaint of(String words) {
        return new Complaint(words, false);
    }

    /** Trouble that may pass by itself. */
    public static Complaint passing(String words) {
        return new Complaint(words, true);
    }
}
