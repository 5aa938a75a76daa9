package io.gatehouse.artifacts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/** By which one sees that a file was written to, without reading it. */
record Stamp(long size, FileTime written) {
    /**
     * The file's, as it is now.
     *
     * @throws IOException where there is no such file, or it is a link or a folder
     */
    static Stamp of(Path file) throws IOException {
        BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!found.isRegularFile()) {
            throw new IOException(file + " is no file but a link, a folder or a device");
        }
        return new Stamp(found.size(), found.lastModifiedTime());
    }
}
