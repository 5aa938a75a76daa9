package io.gatehouse.outbox;

/** What leaves first; where room runs out, what is ranked last is dropped first. */
enum Rank {
    /** Requests and whatever else is of use for seconds only: in memory, within a bound of its own. */
    PASSING("answers"),
    /** Replies and reports. */
    ANSWER("answers"),
    EVENT("events"),
    OBSERVATION("observations");

    private final String line;

    Rank(String line) {
        this.line = line;
    }

    /** The line of the store that it is kept in. */
    String line() {
        return line;
    }
}
