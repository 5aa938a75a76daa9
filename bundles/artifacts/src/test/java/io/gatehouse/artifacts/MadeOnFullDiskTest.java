package io.gatehouse.artifacts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.ArtifactUnavailable;
import io.gatehouse.api.artifact.Artifacts.Draft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MadeOnFullDiskTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    Path folder;

    @Test
    void aFullDiskLosesNothingThatWasKept() throws Exception {
        Path disk = Files.createDirectories(folder.resolve("disk"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString()),
                "mounting a small disk is for root");
        try {
            MadeArtifacts made = new MadeArtifacts(
                    new MadeFolder(
                            disk.resolve("made"), 100_000, at -> at.toFile().getUsableSpace()),
                    16 << 20,
                    new MovedTime().time());
            byte[] bytes = Making.bytes(300_000, 1);
            Artifact artifact;
            try (Draft draft = made.draft()) {
                assertTrue(draft.limit() > 800_000 && draft.limit() <= (1 << 20) - 100_000, "" + draft.limit());
                Files.write(draft.file(), bytes);
                artifact = draft.keep(HOUR);
            }
            try (Draft draft = made.draft()) {
                assertThrows(IOException.class, () -> Files.write(draft.file(), new byte[1 << 20]));
                assertNotEquals(0, Files.size(draft.file()));
                assertThrows(ArtifactUnavailable.class, () -> draft.keep(HOUR), "it is into the reserve");
            }
            assertEquals(1, made.list().size());
            assertEquals(artifact.sha256(), made.list().get(0).sha256());
            try (Draft draft = made.draft()) {
                Files.write(draft.file(), new byte[(int) draft.limit()]);
                draft.keep(HOUR);
            }
            try (Draft draft = made.draft()) {
                assertTrue(draft.limit() > 200_000, "the oldest gave way: " + draft.limit());
            }
            made.close();
        } finally {
            assertTrue(run("umount", disk.toString()));
        }
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
