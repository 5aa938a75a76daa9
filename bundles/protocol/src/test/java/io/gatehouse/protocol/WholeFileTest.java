package io.gatehouse.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WholeFileTest {
    private static final byte[] NEW = "new".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void begins() {
        file = folder.resolve("file");
    }

    @Test
    void takesThePlaceOfTheOneBefore() throws IOException {
        Files.writeString(file, "one that is longer");
        WholeFile.at(file).write(NEW);
        assertEquals("new", Files.readString(file));
        assertEquals(List.of(file), files());
    }

    @Test
    void hasItsAttributesAlsoWhereAPowerCutLeftAPartThatHasOthers() throws IOException {
        Files.writeString(folder.resolve("file.part"), "torn and open to others");
        WholeFile.at(file)
                .write(NEW, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals("new", Files.readString(file));
    }

    @Test
    void leavesNothingWhereItCannotTakeItsPlace() throws IOException {
        Files.createDirectories(file.resolve("in the way"));
        assertThrows(IOException.class, () -> WholeFile.at(file).write(NEW));
        assertEquals(List.of(file), files());
    }

    @Test
    void leavesTheOneBeforeWhereItIsNotWrittenToTheEnd() throws IOException {
        Files.writeString(file, "old");
        Thread.currentThread().interrupt();
        assertThrows(ClosedByInterruptException.class, () -> WholeFile.at(file).write(NEW));
        assertEquals(true, Thread.interrupted());
        assertEquals("old", Files.readString(file));
        assertEquals(List.of(file), files());
    }

    @Test
    void makesAFolderAndThoseAboveIt() throws IOException {
        Path deep = folder.resolve("a/b/c");
        WholeFile.makeFolder(deep);
        WholeFile.makeFolder(deep);
        assertEquals(true, Files.isDirectory(deep));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.toList();
        }
    }
}
