package io.gatehouse.terminal.stream;

import io.gatehouse.api.command.Members;
import io.gatehouse.terminal.Size;

/**
 * What the asker has.
 *
 * @param key the public one, as it was asked for
 * @param term the kind of terminal, as in {@code TERM}
 */
record Wanted(String key, String term, Size size) {
    private static final String USUAL_TERM = "xterm-256color";
    private static final int MOST = 0xFFFF;

    /** The arguments {@code key}, {@code term}, {@code columns} and {@code rows}. */
    static Wanted of(Members arguments) {
        long columns = arguments.integer("columns", Size.USUAL.columns(), 1, MOST);
        long rows = arguments.integer("rows", Size.USUAL.rows(), 1, MOST);
        return new Wanted(
                arguments.string("key"),
                arguments.optionalString("term").orElse(USUAL_TERM),
                Size.near((int) columns, (int) rows));
    }
}
