package io.gatehouse.firmware;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.Artifacts;
import io.gatehouse.api.command.Problem;
import io.gatehouse.protocol.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a system that failed says to the one that comes back. Of each file the last 64 KiB count. */
final class LastWords {
    private static final System.Logger LOG = System.getLogger(LastWords.class.getName());
    private static final String WHY = "why";
    private static final Duration LIFE = Duration.ofDays(30);
    private static final int LONGEST = 500;

    private final Path folder;
    private final List<Path> logs;
    private final Artifacts artifacts;
    private final KernelWords kernel;

    /**
     * Words in this folder.
     *
     * @param logs files whose ends are told too
     * @param kernel what it said
     */
    LastWords(Path folder, List<Path> logs, Artifacts artifacts, KernelWords kernel) {
        this.folder = folder;
        this.logs = List.copyOf(logs);
        this.artifacts = artifacts;
        this.kernel = kernel;
    }

    /** Says why this system is left; as far as flash can be written, since it is left in any case. */
    void write(String why) {
        try {
            WholeFile.makeFolder(folder);
            for (int i = 0; i < logs.size(); i++) {
                copy(logs.get(i), folder.resolve(i + 1 + "-" + logs.get(i).getFileName()));
            }
            // last: where it is there, all is
            WholeFile.at(folder.resolve(WHY)).write((why + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot leave word of why this system is left: " + why, e);
        }
    }

    /** One that cannot be read, as while it is rotated, takes nothing from the others. */
    private static void copy(Path log, Path to) {
        if (!Files.isReadable(log)) {
            return;
        }
        try {
            WholeFile.at(to).write(Tail.of(log));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot leave the end of " + log, e);
        }
    }

    /** What the kernel says already, so that it is known later what is new. */
    Set<String> kernels() {
        return kernel.present();
    }

    /**
     * Why the system before this one failed; nothing where there is no word of it.
     *
     * @param known what the kernel said before that began
     */
    Optional<Problem> read(Set<String> known) {
        Optional<Problem> panic = kernel.panic(known).map(words -> new Problem("panic", words));
        return panic.or(() -> why().map(words -> new Problem("unhealthy", words)));
    }

    /**
     * Makes an artifact of all of it, as one text.
     *
     * @return nothing where there is no room for it
     */
    Optional<Artifact> send(Problem problem, Set<String> known) {
        try (Artifacts.Draft draft = artifacts.draft()) {
            List<Path> files = new ArrayList<>(files());
            files.addAll(kernel.newer(known));
            try (LogFile log = new LogFile(draft.file(), draft.limit())) {
                log.add("problem", (problem.type() + ": " + problem.detail() + "\n").getBytes(StandardCharsets.UTF_8));
                for (Path file : files) {
                    log.add(String.valueOf(file.getFileName()), end(file));
                }
            }
            return Optional.of(draft.keep(LIFE));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot keep the last words of a firmware that failed", e);
            return Optional.empty();
        }
    }

    private static byte[] end(Path file) {
        try {
            return Tail.of(file);
        } catch (IOException e) {
            return ("cannot be read: " + e + "\n").getBytes(StandardCharsets.UTF_8);
        }
    }

    /** Deletes all of it. */
    void forget(Set<String> known) {
        forget();
        delete(kernel.newer(known));
    }

    /** Deletes what is in the folder, so that nothing of an earlier trial counts for the next. */
    void forget() {
        delete(files());
    }

    private Optional<String> why() {
        Path file = folder.resolve(WHY);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            String line =
                    new String(Tail.of(file), StandardCharsets.UTF_8).strip().replaceAll("\\s+", " ");
            String words = line.isEmpty() ? "it was left without saying why" : line;
            return Optional.of(words.substring(0, Math.min(LONGEST, words.length())));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot read " + file, e);
            return Optional.of("it was left, and why cannot be read");
        }
    }

    private List<Path> files() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, Files::isRegularFile)) {
            all.forEach(files::add);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot read last words in " + folder, e);
        }
        files.sort(null);
        return files;
    }

    private static void delete(List<Path> files) {
        for (Path file : files) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "cannot delete " + file, e);
            }
        }
    }
}
