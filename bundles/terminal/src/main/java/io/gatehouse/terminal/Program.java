package io.gatehouse.terminal;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;

/** What runs in a terminal. Each method is for one thread at a time; different ones may be called at once. */
interface Program extends AutoCloseable {
    /** What it shows next; waits until there is some. Nothing where it has ended. */
    Optional<byte[]> output() throws IOException, InterruptedException;

    /**
     * What is typed; waits while the program takes no more.
     *
     * @throws IOException where it has ended
     */
    void input(byte[] bytes, int offset, int length) throws IOException;

    void resize(Size size) throws IOException, InterruptedException;

    /** With what it ended, once output has; nothing where it was closed before, or that cannot be known. */
    OptionalInt exitCode() throws InterruptedException;

    /** Ends it and all that it brought about; then output ends. A second time does nothing. */
    @Override
    void close();
}
