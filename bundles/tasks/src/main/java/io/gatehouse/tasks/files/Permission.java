package io.gatehouse.tasks.files;

import io.gatehouse.api.command.Members;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The folders within which files may be read, or written.
 *
 * @param setting what they are set by
 */
record Permission(String setting, List<Path> folders) {
    private static final Logger LOG = System.getLogger(Permission.class.getName());
    private static final int LONGEST = 4096;

    static Permission of(String setting, String... folders) {
        List<Path> paths = new ArrayList<>();
        for (String folder : folders) {
            if (folder.startsWith("/")) {
                paths.add(Path.of(folder));
            } else {
                LOG.log(Level.WARNING, "configuration io.gatehouse.tasks: {0}: no absolute path: {1}", setting, folder);
            }
        }
        return new Permission(setting, List.copyOf(paths));
    }

    /** An absolute path with a name at its end, without {@code .} and {@code ..}. */
    static Path path(Members arguments) {
        String text = arguments.string("path");
        try {
            Path path = Path.of(text);
            boolean isFit = path.isAbsolute() && path.getNameCount() > 0 && text.length() <= LONGEST;
            if (isFit && path.equals(path.normalize()) && !text.endsWith("/")) {
                return path;
            }
        } catch (InvalidPathException e) {
            throw arguments.wrong("path", text.replace('\0', '\ufffd'), "the absolute path of a file without a zero");
        }
        throw arguments.wrong("path", text, "the absolute path of a file, without . and ..");
    }

    /**
     * The permitted folder that this path lies in.
     *
     * @param real a path after all links were followed
     * @return as it is after all links were followed
     */
    Path folderOf(Path real) throws IOException, NotPermitted {
        for (Path folder : folders) {
            Optional<Path> permitted = real(folder).filter(real::startsWith);
            if (permitted.isPresent()) {
                return permitted.get();
            }
        }
        throw refused(real);
    }

    private static Optional<Path> real(Path folder) throws IOException {
        try {
            return Optional.of(folder.toRealPath());
        } catch (NoSuchFileException e) {
            return Optional.empty(); // so nothing can lie in it
        }
    }

    /** Says why a path that leads nowhere is refused: nobody learns of what is outside whether it is there. */
    NotPermitted missing(Path path, FileSystemException e) {
        return folders.stream().anyMatch(path::startsWith)
                ? new NotPermitted(
                        "no-such-file", "there is no " + path + (e.getReason() == null ? "" : ": " + e.getReason()))
                : refused(path);
    }

    private NotPermitted refused(Path path) {
        return new NotPermitted(
                "not-permitted",
                path + " lies in no folder that is permitted; configuration io.gatehouse.tasks: " + setting);
    }
}
