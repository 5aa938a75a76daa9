package io.gatehouse.benchmarks;

import java.net.URI;
import java.nio.file.Path;

/**
 * What benchmarks run in.
 *
 * @param work an empty folder that goes away afterwards
 * @param broker the one broker of this run
 * @param programs what is measured
 * @param quick fewer rounds and shorter waits: a check that all of it works, no measurement
 */
record Bench(Path work, URI broker, Programs programs, boolean quick) {
    int rounds(int many, int few) {
        return quick ? few : many;
    }

    /** Tells whoever waits how far it is. */
    void say(String line) {
        System.out.println(line);
    }
}
