package io.gatehouse.terminal;

import java.io.IOException;
import java.util.OptionalInt;

/** Who looks at a terminal, from afar. Called from one thread at a time. */
public interface Screen {
    /**
     * Shows this; waits while the other side takes no more. The bytes are not changed later.
     *
     * @throws IOException where nobody looks any more; the terminal ends
     * @throws InterruptedException where the terminal has ended, and its door is about to be closed
     */
    void show(byte[] bytes) throws IOException, InterruptedException;

    /**
     * Nothing more is shown; or nothing at all, where the program could not be started. The door is closed a little later.
     *
     * @param exitCode of the program, where it is known
     * @param reason one word: {@code exit} where the program ended by itself
     */
    void ended(OptionalInt exitCode, String reason);
}
