package io.gatehouse.tasks.files;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Optional;

/**
 * A name in an open folder that lies within a permitted one. The folder was walked to from there without following any link, and
 * what is done goes by what is open: so nobody who changes paths meanwhile leads it elsewhere.
 */
final class Place implements AutoCloseable {
    private final SecureDirectoryStream<Path> folder;
    private final Path folderPath;
    private final Path name;

    private Place(SecureDirectoryStream<Path> folder, Path folderPath, Path name) {
        this.folder = folder;
        this.folderPath = folderPath;
        this.name = name;
    }

    /**
     * Opens it.
     *
     * @param folder as it is after all links were followed, which may lie anywhere
     * @throws NotPermitted where that is within none of the permitted folders
     */
    static Place open(Permission permission, Path folder, Path name) throws IOException, NotPermitted {
        Path permitted = permission.folderOf(folder);
        SecureDirectoryStream<Path> here = secure(permitted);
        try {
            for (Path level : permitted.relativize(folder)) {
                if (level.toString().isEmpty()) {
                    continue;
                }
                SecureDirectoryStream<Path> next = here.newDirectoryStream(level, LinkOption.NOFOLLOW_LINKS);
                here.close();
                here = next;
            }
            return new Place(here, folder, name);
        } catch (IOException | RuntimeException e) {
            here.close();
            throw e;
        }
    }

    @SuppressWarnings("StreamResourceLeak") // whoever called closes it
    private static SecureDirectoryStream<Path> secure(Path folder) throws IOException {
        var stream = Files.newDirectoryStream(folder);
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return secure;
        }
        stream.close();
        throw new FileSystemException(
                folder.toString(), null, "this system opens no folder in a way that links cannot mislead");
    }

    SecureDirectoryStream<Path> folder() {
        return folder;
    }

    Path folderPath() {
        return folderPath;
    }

    Path name() {
        return name;
    }

    /** What is there; nothing where there is none. A link is itself, not what it leads to. */
    Optional<PosixFileAttributes> attributes() throws IOException {
        try {
            return Optional.of(view(name).readAttributes());
        } catch (NoSuchFileException | NotDirectoryException e) {
            return Optional.empty();
        }
    }

    PosixFileAttributeView view(Path name) {
        return folder.getFileAttributeView(name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public void close() throws IOException {
        folder.close();
    }
}
