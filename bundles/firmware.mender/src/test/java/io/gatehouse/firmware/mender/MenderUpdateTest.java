package io.gatehouse.firmware.mender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.firmware.FirmwareRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Against what Mender 5 does with its states, messages and exit codes, since Debian has no package of it: as of version 5.1.0,
 * {@code src/mender-update/cli/actions.cpp}, {@code cli/cli.cpp} and {@code standalone/standalone.cpp} of
 * <a href="https://github.com/mendersoftware/mender">its sources</a>.
 */
final class MenderUpdateTest {
    private static final String SCRIPT = """
            #!/bin/sh
            cd %1$s || exit 1
            state=$(cat state 2>/dev/null)
            fail() { echo "Could not fulfill request: $1" >&2; exit 1; }
            nothing() { echo 'No update in progress.'; exit 2; }
            echo "$*" >> calls
            case "$*" in
            'install --help') echo '  --stop-before STATE'; exit 0 ;;
            install*)
                [ -z "$state" ] || fail 'Operation now in progress: Update already in progress. Please commit or roll back first'
                [ ! -e refuse ] || { echo "severity=error time=\\"now\\" name=\\"Global\\" msg=\\"$(cat refuse)\\"" >&2; exit 1; }
                [ "$2 $3" = '--stop-before ArtifactInstall_Enter' ] || exit 9
                echo ArtifactInstall > state
                echo 'Streamed to storage, but not installed/enabled.' ;;
            resume*)
                [ -n "$state" ] || nothing
                if [ "$state" = ArtifactInstall ]; then
                    echo b > next
                    echo ArtifactCommit > state
                    echo 'Installed, but not committed.'
                elif [ "$state" = Cleanup ]; then
                    rm state
                    echo 'Cleaned up.'
                elif [ "$2 $3" != '--stop-before ArtifactCommit_Enter' ]; then
                    rm state
                    echo 'Committed.'
                fi ;;
            commit)
                [ -n "$state" ] || nothing
                [ "$state" = ArtifactCommit ] || fail 'Wrong operation: Cannot commit from this state.'
                rm state
                echo 'Committed.' ;;
            rollback)
                [ -n "$state" ] || nothing
                [ "$state" != Cleanup ] || fail 'Wrong operation: Cannot roll back from this state.'
                rm state
                echo a > next
                echo 'Rolled back.' ;;
            esac
            """;

    @TempDir
    Path folder;

    private Machine machine;
    private Mender engine;
    private Path artifact;

    @BeforeEach
    void make() throws Exception {
        machine = new Machine(folder);
        artifact = Files.createFile(folder.resolve("v2.mender"));
        machine.program("mender-update", SCRIPT.formatted(folder));
        engine = engine();
    }

    @Test
    void hasASlotStartedOnlyWhenItIsActivated() throws Exception {
        engine.install(artifact, ratio -> {});
        assertEquals("a", machine.next());
        engine.activate(artifact);
        assertEquals("b", machine.next());
        engine.activate(artifact);
        assertEquals("ArtifactCommit", state(), "not committed by a second activation");
        machine.restart();
        engine().markGood();
        engine().markGood();
        assertEquals("", state());
        assertEquals("b", machine.next());
    }

    @Test
    void rollsBackWhatWasInstalledAndNeverStarted() throws Exception {
        engine.install(artifact, ratio -> {});
        engine().markGood();
        assertEquals("", state());
        engine.install(artifact, ratio -> {});
        engine.activate(artifact);
        engine().markGood();
        assertEquals("", state());
        assertEquals("a", machine.next());
        engine().markGood();
        assertTrue(calls().contains("rollback"), calls().toString());
    }

    @Test
    void keepsInMindWhatCannotBeRolledBackYet() throws Exception {
        engine.install(artifact, ratio -> {});
        Files.writeString(folder.resolve("state"), "Cleanup\n");
        IOException e = assertThrows(IOException.class, engine::markGood);
        assertTrue(e.getMessage().endsWith("Cannot roll back from this state."), e.getMessage());
        Files.writeString(folder.resolve("state"), "ArtifactCommit\n");
        engine().markGood();
        assertEquals("", state());
        assertEquals("a", machine.next());
    }

    @Test
    void commitsWhatSomebodyElseInstalled() throws Exception {
        Files.writeString(folder.resolve("state"), "ArtifactCommit\n");
        engine.markGood();
        assertEquals(List.of("commit"), calls());
        assertEquals("", state());
    }

    @Test
    void goesBackOnce() throws Exception {
        engine.install(artifact, ratio -> {});
        engine.activate(artifact);
        engine.markBad();
        assertEquals("a", machine.next());
        IOException e = assertThrows(IOException.class, engine::markBad);
        assertTrue(e.getMessage().endsWith("rollback ended with code 2: No update in progress."), e.getMessage());
    }

    @Test
    void activatesNothingThatWasNotInstalled() {
        IOException e = assertThrows(IOException.class, () -> engine.activate(artifact));
        assertTrue(e.getMessage().endsWith("ended with code 2: No update in progress."), e.getMessage());
    }

    @Test
    void beginsAnewWhateverWasCutShort() throws Exception {
        for (String state : new String[] {"ArtifactInstall", "ArtifactCommit", "Cleanup"}) {
            Files.writeString(folder.resolve("state"), state + "\n");
            engine.install(artifact, ratio -> {});
            assertEquals("ArtifactInstall", state());
            assertEquals("a", machine.next());
        }
    }

    @Test
    void refusesWhatItsMessagesSayOfAnArtifact() throws Exception {
        assertRefused("wrong-compatible", "Artifact device type doesn't match");
        assertRefused("bad-signature", "Wrong manifest signature or wrong key");
        assertRefused("bad-image", "The checksum of the read byte-stream does not match the expected checksum");
        Files.writeString(folder.resolve("refuse"), "No space left on device");
        assertThrows(IOException.class, () -> engine.install(artifact, ratio -> {}));
    }

    private void assertRefused(String type, String message) throws IOException {
        Files.writeString(folder.resolve("refuse"), message);
        FirmwareRefused refused = assertThrows(FirmwareRefused.class, () -> engine.install(artifact, ratio -> {}));
        assertEquals(type, refused.type());
        assertTrue(refused.detail().startsWith("mender: msg=\"" + message), refused.detail());
    }

    /** As the next process has it. */
    private Mender engine() {
        return machine.engine(folder.resolve("mender-update"));
    }

    private List<String> calls() throws IOException {
        return Files.readAllLines(folder.resolve("calls"));
    }

    private String state() throws IOException {
        Path state = folder.resolve("state");
        return Files.exists(state) ? Files.readString(state).strip() : "";
    }
}
