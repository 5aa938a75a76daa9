package io.gatehouse.cli.dev;

import io.gatehouse.cli.fleet.BundleJar;
import java.time.Duration;
import java.util.List;

/** What came of building a project. */
public sealed interface Build {
    /**
     * A bundle.
     *
     * @param edition of it that is to be shipped
     * @param bundle the edition's file
     * @param took how long the building took
     * @param how it was built, in words
     */
    record Made(Edition edition, BundleJar bundle, Duration took, String how) implements Build {}

    /**
     * Nothing.
     *
     * @param problems each in one line: {@code <file>:<line>: <message>} where the compiler said it
     */
    record Broken(List<String> problems) implements Build {
        public Broken {
            problems = List.copyOf(problems);
        }
    }
}
