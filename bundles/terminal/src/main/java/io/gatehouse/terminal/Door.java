package io.gatehouse.terminal;

import java.io.IOException;
import java.util.Map;

/** How an operator comes to a terminal. */
public interface Door extends AutoCloseable {
    /** Where it is, for whoever lists terminals: {@code port}, or nothing. */
    Map<String, ?> place();

    /** What the asker is told beside the terminal's id and end: where the door is, and the device's key. */
    Map<String, ?> answer();

    /** The key that the asker gave, as it was given; the device attests it. */
    String askersKey();

    /** The key that the device shows here, or its fingerprint, as it is told; the device attests it. */
    String devicesKey();

    /** Shuts it, with whoever is there; waits until none of its threads is left. A second time does nothing. */
    @Override
    void close();

    /** Makes a door to a terminal that is about to be open. */
    @FunctionalInterface
    interface Maker {
        Door make(Terminal terminal) throws IOException;
    }
}
