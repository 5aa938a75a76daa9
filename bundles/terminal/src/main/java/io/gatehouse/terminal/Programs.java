package io.gatehouse.terminal;

import java.io.IOException;
import java.util.Optional;

/** Starts what runs in terminals. */
interface Programs {
    /**
     * What is to be started.
     *
     * @param id of its terminal
     * @param term the kind of terminal, as in {@code TERM}
     */
    record Start(String id, String term, Size size) {}

    /** What this device lacks for it, and what helps; nothing where it can be started. */
    Optional<String> lacking();

    Program start(Start start) throws IOException, InterruptedException;
}
