package io.gatehouse.launcher;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Takes a gateway back to its image. It is asked for by a file in the state folder, which stays until the image's software has started: whatever moment
 * the power goes, the next start begins it again. While the file is there the supervising script starts the image's own runtime, since the slots go too.
 *
 * @param state the state folder
 */
record FactoryReset(Path state) {
    /** The supervising script knows this name too. */
    private static final String FILE = "reset";

    private static final String IDENTITY = "identity";
    private static final System.Logger LOG = System.getLogger(FactoryReset.class.getName());

    /** What always stays: the file itself, and the lock of the process that does it. */
    private static final Set<String> NEEDED = Set.of(FILE, "lock");

    /** What tells who the device is, and which of what was signed it has seen already. */
    private static final Set<String> OF_IDENTITY = Set.of(IDENTITY, "store");

    /**
     * Has the next process begin it.
     *
     * @param identity whether the device stays who it is
     */
    void ask(boolean identity) throws IOException {
        new WholeFiles(state).write(FILE, Map.of(IDENTITY, identity));
    }

    boolean isAskedFor() {
        return Files.exists(state.resolve(FILE));
    }

    /** Deletes all but what stays. What cannot be deleted is tried again at the next start. */
    void carryOut() {
        if (!isAskedFor()) {
            return;
        }
        Set<String> kept = new HashSet<>(NEEDED);
        // where the file is damaged, what cannot be had again stays
        if (!Boolean.FALSE.equals(
                new WholeFiles(state).read(FILE).orElse(Map.of()).get(IDENTITY))) {
            kept.addAll(OF_IDENTITY);
        }
        LOG.log(System.Logger.Level.WARNING, "factory reset: of " + state + " stay " + kept);
        try (DirectoryStream<Path> all = Files.newDirectoryStream(state)) {
            for (Path one : all) {
                if (!kept.contains(String.valueOf(one.getFileName()))) {
                    Trees.delete(one);
                }
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "the factory reset is not whole, and goes on at the next start", e);
        }
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
