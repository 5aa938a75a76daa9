package io.gatehouse.cli.dev;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Saves, as editors and people make them, on a real file system. */
final class WatchTest {
    private static final String RAIN = "src/main/java/com/acme/rain/Rain.java";

    @TempDir
    private Path folder;

    private Plugin plugin;
    private Watch watch;
    private Snapshot before;

    @BeforeEach
    void begin() throws Exception {
        plugin = new Plugin(folder.resolve("rain"));
        watch = Watch.begin(plugin.project());
        before = Snapshot.of(plugin.project());
    }

    @AfterEach
    void end() {
        watch.close();
    }

    private Set<Path> changes() throws IOException {
        return Snapshot.of(plugin.project()).changedSince(before);
    }

    /** Waits for bursts until these changed, whatever else was noticed. */
    private void awaitChanges(Path... files) {
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            watch.next();
            return changes().equals(Set.of(files));
        });
    }

    @Test
    void noticesAFileThatIsWritten() {
        plugin.replace("\"much\"", "\"little\"");
        awaitChanges(plugin.file(RAIN));
    }

    @Test
    void noticesAFileThatAnEditorRenamesIntoItsPlace() throws IOException {
        Path next = plugin.write("src/main/java/com/acme/rain/.Rain.java.swp", "package com.acme.rain;");
        Files.move(next, plugin.file(RAIN), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        awaitChanges(plugin.file(RAIN));
    }

    @Test
    void noticesAFileInAFolderThatIsNew() {
        Path file = plugin.write("src/main/resources/texts/much.txt", "much");
        awaitChanges(file);
        plugin.write("src/main/resources/texts/much.txt", "little");
        plugin.write("src/main/resources/texts/more/deeper.txt", "more");
        awaitChanges(file, plugin.file("src/main/resources/texts/more/deeper.txt"));
    }

    @Test
    void noticesWhatSaysHowItIsBuilt() {
        plugin.write("bnd.bnd", "-sources: true");
        awaitChanges(plugin.file("bnd.bnd"));
        plugin.write("pom.xml", "<project></project>");
        awaitChanges(plugin.file("bnd.bnd"), plugin.file("pom.xml"));
    }

    @Test
    void noticesThatAFileIsGone() throws IOException {
        Files.delete(plugin.file(RAIN));
        awaitChanges(plugin.file(RAIN));
    }

    @Test
    void takesNothingForAChangeThatSaysNothingNew() throws Exception {
        plugin.write("src/main/java/com/acme/rain/Rain.java~", "");
        plugin.write("src/main/java/com/acme/rain/.#Rain.java", "");
        plugin.write("src/main/java/com/acme/rain/4913", "");
        plugin.write("target/classes/com/acme/rain/Rain.class", "");
        plugin.write("src/test/java/com/acme/rain/RainTest.java", "");
        plugin.write("README.md", "");
        Files.setLastModifiedTime(plugin.file(RAIN), FileTime.fromMillis(1));
        watch.next();
        assertEquals(Set.of(), changes());
    }
}
