package io.gatehouse.terminal;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** What a terminal needs of the house. */
interface Surroundings {
    Limits limits();

    /** Starts its program. */
    Program start(Programs.Start start) throws IOException, InterruptedException;

    /**
     * The recording of its session.
     *
     * @throws IOException where sessions are recorded, and this one cannot be
     */
    Optional<Recording> recording(Terminal.Opening opening, String term, Size size) throws IOException;

    /** Tells an event of it. */
    void tell(Map<String, ?> event);

    /** Nothing of it is left. */
    void ended(Terminal terminal);
}
