package io.gatehouse.tasks.machine;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;

/** The command lines that may be run: each the words of one, where a last {@code *} stands for any more. */
final class Permitted {
    private static final Logger LOG = System.getLogger(Permitted.class.getName());
    private static final String ANY = "*";

    private final List<List<String>> lines = new ArrayList<>();

    /**
     * Reads them.
     *
     * @param lines for example {@code /sbin/ip route} or {@code /usr/bin/top -b *}; one that begins with no absolute path permits nothing
     */
    Permitted(String... lines) {
        for (String line : lines) {
            List<String> words = List.of(line.strip().split("\\s+"));
            if (words.get(0).startsWith("/")) {
                this.lines.add(words);
            } else {
                LOG.log(Level.WARNING, "configuration io.gatehouse.tasks: commands: no absolute path: {0}", line);
            }
        }
    }

    boolean permits(List<String> command) {
        return lines.stream().anyMatch(line -> {
            int last = line.size() - 1;
            return (last > 0 && line.get(last).equals(ANY))
                    ? command.size() >= last && command.subList(0, last).equals(line.subList(0, last))
                    : command.equals(line);
        });
    }
}
