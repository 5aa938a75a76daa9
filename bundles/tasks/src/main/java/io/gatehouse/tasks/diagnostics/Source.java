package io.gatehouse.tasks.diagnostics;

import java.io.IOException;

/**
 * A file of the archive.
 *
 * @param name with its folder
 */
record Source(String name, Text text) {
    /** What is in it. */
    @FunctionalInterface
    interface Text {
        /**
         * Reads it.
         *
         * @return at most {@link Archive#LARGEST} bytes; blank where this machine has nothing of it
         * @throws IOException where it cannot be told, for the archive's problems
         */
        String read() throws IOException, InterruptedException;
    }
}
