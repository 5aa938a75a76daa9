package io.gatehouse.firmware.mender;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.api.firmware.FirmwareRefused;
import io.gatehouse.api.firmware.RunningSystem;
import io.gatehouse.program.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against Mender 3 itself, which finds an update module and its settings where it looks for them: in a mount namespace of its own. */
final class MenderTest {
    private static final String[] KEYED = {"-T", "gw-image", "-k"};

    @TempDir
    Path folder;

    private Machine machine;
    private Mender engine;

    @BeforeEach
    void make() throws Exception {
        for (String program : List.of("mender", "mender-artifact", "unshare", "openssl")) {
            assumeTrue(Program.find(program).isPresent(), "this machine has no " + program);
        }
        assumeTrue(
                Program.configured(List.of("unshare", "-m", "true")).run().isWell(),
                "no mount namespaces here: not root, or not permitted");
        machine = new Machine(folder);
        Files.createDirectories(folder.resolve("etc"));
        Files.createDirectories(folder.resolve("modules"));
        Files.createDirectories(folder.resolve("data"));
        Files.copy(folder.resolve("device_type"), folder.resolve("data/device_type"));
        Files.writeString(folder.resolve("etc/artifact_info"), "artifact_name=v1\n");
        Files.writeString(folder.resolve("mender.conf"), "{}");
        machine.program("modules/gw-image", """
                #!/bin/sh
                echo "$1" >> %1$s/states
                case "$1" in
                NeedsArtifactReboot) echo Automatic ;;
                SupportsRollback) echo Yes ;;
                ArtifactInstall)
                    [ ! -e %1$s/slow ] || sleep 600
                    cp "$2/files/file" %1$s/slot && echo b > %1$s/next ;;
                ArtifactRollback) echo a > %1$s/next ;;
                esac
                """.formatted(folder));
        machine.program("mender", """
                #!/bin/sh
                exec unshare -m sh -c 'mount --bind %1$s/etc /etc/mender
                    mount --bind %1$s/modules /usr/share/mender/modules/v3
                    exec mender --no-syslog --data %1$s/data --config %1$s/mender.conf "$@"' mender "$@"
                """.formatted(folder));
        engine = engine();
    }

    @Test
    void writesAnArtifactWhichIsStartedNextAndKept() throws Exception {
        Path artifact = machine.artifact("v2", "gw1");
        engine.check(artifact);
        assertEquals("a", machine.next());
        engine.install(artifact, ratio -> assertTrue(ratio >= 0 && ratio <= 1));
        assertArrayEquals(Machine.content(), Files.readAllBytes(folder.resolve("slot")));
        engine.activate(artifact);
        engine.activate(artifact);
        assertEquals("b", machine.next());
        machine.restart();
        engine().markGood();
        assertEquals("ArtifactCommit", states().get(states().size() - 2), states().toString());
        engine.markGood();
        assertEquals("b", machine.next());
    }

    @Test
    void goesBackOnce() throws Exception {
        engine.install(machine.artifact("v2", "gw1"), ratio -> {});
        engine.markBad();
        assertEquals("a", machine.next());
        IOException e = assertThrows(IOException.class, engine::markBad);
        assertTrue(e.getMessage().contains("rollback ended with code 2"), e.getMessage());
    }

    @Test
    void rollsBackWhatWasInstalledAndNeverStarted() throws Exception {
        engine.install(machine.artifact("v2", "gw1"), ratio -> {});
        engine().markGood();
        assertEquals("a", machine.next());
        assertTrue(states().contains("ArtifactRollback"), states().toString());
        engine().markGood();
        assertFalse(states().contains("ArtifactCommit"), states().toString());
        assertEquals("a", machine.next());
    }

    @Test
    void rollsBackWhatTheBootLoaderLeft() throws Exception {
        engine.install(machine.artifact("v2", "gw1"), ratio -> {});
        machine.restart();
        Files.writeString(folder.resolve("next"), "a\n");
        machine.restart();
        engine().markGood();
        assertFalse(states().contains("ArtifactCommit"), states().toString());
        IOException e = assertThrows(IOException.class, engine::markBad);
        assertTrue(e.getMessage().contains("rollback ended with code 2"), e.getMessage());
    }

    @Test
    void rollsBackWhatWasNeverCommittedBeforeItWritesAnother() throws Exception {
        engine.install(machine.artifact("v2", "gw1"), ratio -> {});
        assertFalse(states().contains("ArtifactRollback"));
        engine.install(machine.artifact("v3", "gw1"), ratio -> {});
        int back = states().indexOf("ArtifactRollback");
        assertTrue(back > 0 && back < states().lastIndexOf("ArtifactInstall"), states().toString());
        assertEquals("b", machine.next());
    }

    @Test
    void refusesAnArtifactForAnotherMachine() throws Exception {
        Path artifact = machine.artifact("v2", "gw2");
        assertRefused("wrong-compatible", "[gw2]", () -> engine.check(artifact));
        assertRefused("wrong-compatible", "gw2", () -> engine.install(artifact, ratio -> {}));
        assertEquals("a", machine.next());
    }

    @Test
    void refusesAPayloadThatIsNoFirmware() throws Exception {
        Path artifact = machine.artifact("v2", "gw1", "-T", "script");
        assertRefused("bad-image", "payloads are [script]", () -> engine.check(artifact));
    }

    @Test
    void readsAHeaderThatIsNotCompressedAndRefusesOneThatItCannotRead() throws Exception {
        String[] plain = {"-T", "gw-image", "--compression", "none"};
        engine.check(machine.artifact("v2", "gw1", plain));
        Path other = machine.artifact("v3", "gw2", plain);
        assertRefused("wrong-compatible", "[gw2]", () -> engine.check(other));
        Path unread = machine.artifact("v4", "gw1", "-T", "script", "--compression", "lzma");
        assertRefused("bad-image", "--compression gzip or none", () -> engine.check(unread));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{`payloads`:[{`type`:`gw-image`}],`payloads`:[{`type`:`script`}]} | two members",
                "{`payloads`:[{`type`:`gw-image`}],`Payloads`:[{`type`:`script`}]} | in another case",
                "{`payloads`:[{`type`:`scr\\u0069pt`}],`artifact_depends`:{`device_type`:[`gw1`]}} | [script]",
                "{`payloads`:[{`type`:`gw-image`}]} | artifact_depends",
                "{`payloads`:[],`artifact_depends`:{`device_type`:[`gw1`]}} | payloads are []",
                "[] | not a JSON object",
            })
    void refusesADescriptionThatSomebodyElseMayReadOtherwise(String info, String complaint) throws Exception {
        Path artifact = machine.described(info.replace('`', '"'));
        assertRefused("bad-image", complaint, () -> engine.check(artifact));
    }

    @Test
    void refusesAnArtifactThatIsCutOff() throws Exception {
        Path artifact = machine.artifact("v2", "gw1");
        byte[] bytes = Files.readAllBytes(artifact);
        for (int length : new int[] {0, 511, 1024, 3000, 300_000, bytes.length - 1024}) {
            Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(bytes, length));
            assertRefused("bad-image", "cut off", () -> engine.check(cut));
        }
        Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(bytes, 300_000));
        assertRefused("bad-image", "EOF", () -> engine.install(cut, ratio -> {}));
        assertEquals("a", machine.next());
    }

    @Test
    void refusesAByteThatFlippedWhenItIsWritten() throws Exception {
        Path artifact = machine.artifact("v2", "gw1");
        byte[] bytes = Files.readAllBytes(artifact);
        bytes[200_000] ^= 1;
        Files.write(artifact, bytes);
        assertRefused("bad-image", "checksum", () -> engine.install(artifact, ratio -> {}));
        assertEquals("a", machine.next());
    }

    @Test
    void refusesWhatNoneOfItsSignersSigned() throws Exception {
        key("ours");
        key("theirs");
        Files.writeString(
                folder.resolve("mender.conf"), "{\"ArtifactVerifyKey\": \"" + folder.resolve("ours.pub") + "\"}");
        Path unsigned = machine.artifact("v2", "gw1");
        assertRefused("bad-signature", "no signature", () -> engine.install(unsigned, ratio -> {}));
        Path theirs = machine.artifact("v3", "gw1", keyed("theirs"));
        assertRefused("bad-signature", "invalid signature", () -> engine.install(theirs, ratio -> {}));
        assertEquals("a", machine.next());
        Path ours = machine.artifact("v4", "gw1", keyed("ours"));
        engine.check(ours);
        engine.install(ours, ratio -> {});
        assertEquals("b", machine.next());
    }

    @Test
    void stopsAtAnInterruptAndBeginsAnew() throws Exception {
        Path artifact = machine.artifact("v2", "gw1");
        Files.createFile(folder.resolve("slow"));
        assertThrows(
                InterruptedException.class,
                () -> engine.install(artifact, ratio -> Thread.currentThread().interrupt()));
        assertEquals("a", machine.next());
        Files.delete(folder.resolve("slow"));
        engine.install(artifact, ratio -> {});
        assertEquals("b", machine.next());
    }

    @Test
    void saysWhichSlotRunsAndOfWhichType() throws Exception {
        assertEquals(new RunningSystem("a", "gw1"), engine.running());
        Files.writeString(folder.resolve("device_type"), "nothing\n");
        IOException e = assertThrows(IOException.class, engine::running);
        assertTrue(e.getMessage().endsWith("device_type has no line device_type="), e.getMessage());
    }

    /** As the next process has it. */
    private Mender engine() {
        return machine.engine(folder.resolve("mender"));
    }

    private List<String> states() throws IOException {
        return Files.readAllLines(folder.resolve("states"));
    }

    private String[] keyed(String name) {
        String[] options = Arrays.copyOf(KEYED, KEYED.length + 1);
        options[KEYED.length] = folder.resolve(name + ".pem").toString();
        return options;
    }

    private void key(String name) throws Exception {
        String key = folder.resolve(name + ".pem").toString();
        Program openssl = Program.configured(List.of("openssl"));
        openssl.with("genrsa", "-traditional", "-out", key, "2048").runWell();
        openssl.with(
                        "rsa",
                        "-in",
                        key,
                        "-pubout",
                        "-out",
                        folder.resolve(name + ".pub").toString())
                .runWell();
    }

    private static void assertRefused(String type, String detail, Executable executable) {
        FirmwareRefused refused = assertThrows(FirmwareRefused.class, executable);
        assertEquals(type, refused.type(), refused.detail());
        assertTrue(refused.detail().contains(detail), refused.detail());
    }
}
