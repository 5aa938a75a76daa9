package io.gatehouse.launcher;

import io.gatehouse.software.RuntimeSlot;
import io.gatehouse.software.RuntimeSlots.Left;
import io.gatehouse.software.SlotRefused;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The folder of runtimes beside the image's. What is in a folder that bears a SHA-256 is there whole. Which one starts is said
 * by one file that only ever is renamed: {@code next} while it was not started yet, {@code next.1} to {@code next.3} by the
 * script before each start, {@code current} by its own launcher when it proved itself, {@code failed} by the script. So
 * whatever moment the power goes, there is one answer.
 */
final class SlotFolder {
    private static final System.Logger LOG = System.getLogger(SlotFolder.class.getName());
    private static final String NEXT = "next";
    private static final List<String> STARTED = List.of("next.3", "next.2", "next.1");
    private static final String CURRENT = "current";
    private static final String FAILED = "failed";
    private static final String WHY = "why";
    private static final String UNKNOWN = "nobody lived to tell why";
    private static final int LONGEST_WHY = 2000;

    private final Path folder;
    private final String own;
    private final WholeFiles files;

    /**
     * The slots as seen from one runtime.
     *
     * @param home where this process's own runtime lies
     */
    SlotFolder(Path folder, Path home) {
        String name = String.valueOf(home.getFileName());
        this.folder = folder;
        this.own = Codec.isSha256(name) && Files.isDirectory(folder.resolve(name)) ? name : Trial.IMAGE;
        this.files = new WholeFiles(folder);
    }

    /** Whether there is a slot of that name. */
    boolean has(String sha256) {
        return Files.isDirectory(folder.resolve(sha256));
    }

    /** Makes a slot of an archive, in the room of those that nothing needs any more. */
    void install(Path archive, String sha256) throws SlotRefused, IOException {
        sweep();
        new Unpacking(archive, folder, sha256).unpack();
    }

    /** What this process is on probation for. */
    Optional<Trial> trial() {
        return started().flatMap(this::read);
    }

    /** What proved itself last and is this process's own runtime; nothing where the image's runs for want of any. */
    Optional<RuntimeSlot> current() {
        return read(CURRENT).filter(trial -> trial.name().equals(own)).map(Trial::slot);
    }

    Optional<Left> left() {
        return read(FAILED).map(trial -> new Left(trial.slot(), why()));
    }

    /** Has the script start this one on probation. */
    void begin(Trial trial) throws IOException {
        Files.createDirectories(folder);
        forgetLeft();
        for (String name : STARTED) {
            files.delete(name);
        }
        files.write(NEXT, trial.write());
    }

    /** Has the script start no other one after all. */
    void withdraw() throws IOException {
        files.delete(NEXT);
    }

    /** This runtime proved itself. */
    void commit() throws IOException {
        Optional<String> name = started();
        if (name.isPresent()) {
            files.rename(name.get(), CURRENT);
            try {
                sweep();
            } catch (IOException e) {
                // it is committed, and the next one to be installed sweeps too
                LOG.log(System.Logger.Level.WARNING, "slots that nothing needs stay in " + folder, e);
            }
        }
    }

    /** Forgets what was left, and its files too. */
    void settle() throws IOException {
        forgetLeft();
        sweep();
    }

    /** Says why this runtime does not prove itself, for the one that reports it. Only words, so they need not be synced. */
    void explain(String why) throws IOException {
        Files.writeString(folder.resolve(WHY), why);
    }

    /** Deletes all slots but this process's own and the one that proved itself last. */
    private void sweep() throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        Set<String> kept =
                Stream.of(own, read(CURRENT).map(Trial::name).orElse(own)).collect(Collectors.toSet());
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            for (Path one : all) {
                if (Files.isDirectory(one) && !kept.contains(String.valueOf(one.getFileName()))) {
                    Trees.delete(one);
                }
            }
        }
    }

    private void forgetLeft() throws IOException {
        files.delete(FAILED);
        files.delete(WHY);
    }

    private Optional<String> started() {
        return STARTED.stream()
                .filter(name ->
                        read(name).filter(trial -> trial.name().equals(own)).isPresent())
                .findFirst();
    }

    private Optional<Trial> read(String name) {
        Optional<Map<String, Object>> members = files.read(name);
        try {
            return members.isEmpty() ? Optional.empty() : Optional.of(Trial.read(members.get()));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, folder.resolve(name) + " counts as absent", e);
            return Optional.empty();
        }
    }

    private String why() {
        try {
            String why = Files.readString(folder.resolve(WHY)).strip();
            return why.isEmpty() ? UNKNOWN : why.substring(0, Math.min(LONGEST_WHY, why.length()));
        } catch (NoSuchFileException e) {
            return UNKNOWN;
        } catch (IOException e) {
            return "why, cannot be read: " + e;
        }
    }
}
