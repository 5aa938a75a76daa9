package io.gatehouse.benchmarks;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What stood on the command line.
 *
 * @param names of the benchmarks to run
 * @param quick fewer rounds and shorter waits
 * @param out where the figures go
 */
record Options(List<String> names, boolean quick, Path out) {
    Options {
        names = List.copyOf(names);
    }

    /**
     * Reads it.
     *
     * @param all names that there are; without any on the line, all are meant
     * @throws IllegalArgumentException with the usage, where something will not do
     */
    static Options parse(List<String> line, List<String> all) {
        Deque<String> rest = new ArrayDeque<>(line);
        List<String> names = new ArrayList<>();
        boolean quick = false;
        Path out = Path.of("docs/benchmarks.md");
        while (!rest.isEmpty()) {
            String argument = rest.remove();
            if (argument.equals("--quick")) {
                quick = true;
            } else if (argument.equals("--out") && !rest.isEmpty()) {
                out = Path.of(rest.remove());
            } else if (all.contains(argument)) {
                names.add(argument);
            } else {
                throw new IllegalArgumentException((argument.equals("--help") ? "" : "will not do: " + argument + "\n")
                        + "Usage: ./dev bench [--quick]" + " [--out FILE] [" + String.join("|", all) + "]...");
            }
        }
        return new Options(names.isEmpty() ? all : names, quick, out);
    }
}
