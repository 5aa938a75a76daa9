package io.gatehouse.launcher;

import io.gatehouse.software.RuntimeSlots;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Takes a gateway back to its image. It is asked for by a file in the state folder, which stays until the image's software has started: whatever moment
 * the power goes, the next start begins it again. While the file is there the supervising script starts the image's own runtime, since the slots go too.
 * Another file says how the last one ended, for whoever answers for it.
 *
 * @param state the state folder
 */
record FactoryReset(Path state) {
    /** The supervising script knows this name too. */
    private static final String FILE = "reset";

    private static final String LAST = "last-reset";
    private static final String IDENTITY = "identity";
    private static final String COMMAND = "command";
    private static final String LEFT = "left";
    private static final int MOST_NAMED = 8;
    private static final System.Logger LOG = System.getLogger(FactoryReset.class.getName());

    /** What always stays: the file itself, and the lock of the process that does it. */
    private static final Set<String> NEEDED = Set.of(FILE, "lock");

    /** What tells who the device is, and which of what was signed it has seen already. */
    private static final Set<String> OF_IDENTITY = Set.of(IDENTITY, "store");

    /**
     * Has the next process begin it. It is on flash when this returns.
     *
     * @param command by which it is asked for
     * @param identity whether the device stays who it is
     */
    void ask(String command, boolean identity) throws IOException {
        new WholeFiles(state).write(FILE, Map.of(IDENTITY, identity, COMMAND, command));
    }

    boolean isAskedFor() {
        return Files.exists(state.resolve(FILE));
    }

    /** Deletes all but what stays. What cannot be deleted is told, and all else goes: no device is to reset itself at each start for ever. */
    void carryOut() {
        if (!isAskedFor()) {
            return;
        }
        Map<String, Object> asked = new WholeFiles(state).read(FILE).orElse(Map.of());
        // where the file is damaged, what cannot be had again stays
        boolean isKept = !Boolean.FALSE.equals(asked.get(IDENTITY));
        Set<String> names = new HashSet<>(NEEDED);
        if (isKept) {
            names.addAll(OF_IDENTITY);
        }
        LOG.log(System.Logger.Level.WARNING, "factory reset: of " + state + " stay " + names);
        List<String> left = deleteAllBut(names);
        if (!left.isEmpty()) {
            LOG.log(System.Logger.Level.ERROR, "the factory reset is not whole; left are " + left);
        }
        if (isKept) {
            remember(String.valueOf(asked.getOrDefault(COMMAND, "")), left);
        }
    }

    /** The slots first, since they are what runs. */
    private List<String> deleteAllBut(Set<String> kept) {
        List<Path> all = new ArrayList<>();
        List<String> left = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(state)) {
            entries.forEach(all::add);
        } catch (IOException | DirectoryIteratorException e) {
            left.add(Trees.words(state, e)); // of which nobody knows what else is in it
        }
        all.sort(Comparator.comparing(one -> !one.endsWith("slots")));
        for (Path one : all) {
            if (!kept.contains(String.valueOf(one.getFileName()))) {
                left.addAll(Trees.deleteWhatGoes(one));
            }
        }
        return left;
    }

    /** Before the reset ends: a process that finds it ended finds this, too. */
    private void remember(String command, List<String> left) {
        try {
            List<String> named = left.subList(0, Math.min(left.size(), MOST_NAMED));
            new WholeFiles(state).write(LAST, Map.of(COMMAND, command, LEFT, named));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "nobody will be told how the factory reset ended", e);
        }
    }

    /** How the last one ended that left the device who it is. */
    Optional<RuntimeSlots.Reset> last() {
        return new WholeFiles(state).read(LAST).map(members -> {
            List<?> left = members.get(LEFT) instanceof List<?> list ? list : List.of();
            return new RuntimeSlots.Reset(
                    String.valueOf(members.get(COMMAND)),
                    left.stream().map(String::valueOf).toList());
        });
    }

    /** The image's software has started. */
    void end() {
        try {
            new WholeFiles(state).delete(FILE);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "the factory reset will be done again at the next start", e);
        }
    }
}
