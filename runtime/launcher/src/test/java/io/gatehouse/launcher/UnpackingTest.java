package io.gatehouse.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.software.SlotRefused;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnpackingTest {
    private static final String NAME = "ab".repeat(32);

    @TempDir
    private Path folder;

    private Path slots;
    private Path zip;

    @BeforeEach
    void make() throws Exception {
        slots = Files.createDirectories(folder.resolve("slots"));
        zip = well().write(folder.resolve("runtime.zip"));
    }

    private SlotZip well() throws Exception {
        return SlotZip.well(Files.createDirectories(folder.resolve("scratch")));
    }

    private void unpack() throws Exception {
        new Unpacking(zip, slots, NAME).unpack();
    }

    /** The refusal's words, once it is certain that nothing was left behind. */
    private String refused() throws Exception {
        SlotRefused refused = assertThrows(SlotRefused.class, this::unpack);
        assertEquals("bad-archive", refused.type());
        try (var left = Files.list(slots)) {
            assertEquals(List.of(), left.toList());
        }
        return refused.detail();
    }

    @Test
    void whatIsUnpackedIsWholeAndProgramsCanBeRun() throws Exception {
        unpack();
        Path slot = slots.resolve(NAME);
        assertEquals("a jar", Files.readString(slot.resolve("lib/launcher.jar")));
        assertTrue(Files.isExecutable(slot.resolve("bin/gatehouse-gateway")));
        assertTrue(Files.isExecutable(slot.resolve("java/bin/java")));
        assertFalse(Files.isExecutable(slot.resolve("lib/launcher.jar")));
        assertFalse(Files.exists(slots.resolve(NAME + ".part")));
    }

    @Test
    void takesThePlaceOfWhatIsDamaged() throws Exception {
        Files.createDirectories(slots.resolve(NAME).resolve("lib"));
        Files.createDirectories(slots.resolve(NAME + ".part/conf"));
        unpack();
        assertTrue(Files.exists(slots.resolve(NAME).resolve("conf/factory.json")));
        assertFalse(Files.exists(slots.resolve(NAME + ".part")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../evil",
                "lib/../../evil",
                "lib/..",
                "lib/./x.jar",
                "lib//x.jar",
                "/etc/passwd",
                "etc/passwd",
                "evil",
                "lib\\x.jar",
                "lib/x\n.jar"
            })
    void refusesANameThatLeadsElsewhere(String name) throws Exception {
        zip = well().entry(name, "evil").write(zip);
        assertTrue(refused().contains("\"" + name.replace('\n', '?') + "\""), this::words);
        assertFalse(Files.exists(folder.resolve("evil")));
    }

    private String words() {
        return assertThrows(SlotRefused.class, this::unpack).detail();
    }

    @Test
    void refusesALink() throws Exception {
        // made by Unix, with the mode of a symbolic link
        SlotZip.bend(zip, "lib/readme.txt", 5, 3);
        SlotZip.bend(zip, "lib/readme.txt", 38, 0, 0, 0xff, 0xa1);
        assertTrue(refused().contains("\"lib/readme.txt\" is a link or a device"));
    }

    @Test
    void takesAFileWithAUnixMode() throws Exception {
        SlotZip.bend(zip, "lib/readme.txt", 5, 3);
        SlotZip.bend(zip, "lib/readme.txt", 38, 0, 0, 0xa4, 0x81);
        unpack();
        assertTrue(Files.exists(slots.resolve(NAME).resolve("lib/readme.txt")));
    }

    @Test
    void refusesWhatClaimsToBeTooLarge() throws Exception {
        SlotZip.bend(zip, "lib/readme.txt", 24, 0, 0, 0, 0x7f);
        assertTrue(refused().contains("at most 10000 and " + (512L << 20) + " are unpacked"));
    }

    @Test
    void refusesWhatIsLargerThanItClaims() throws Exception {
        zip = well().entry("lib/bomb.jar", new byte[1 << 20]).write(zip);
        SlotZip.bend(zip, "lib/bomb.jar", 24, 16, 0, 0, 0);
        assertTrue(refused().contains("lib/bomb.jar"));
    }

    @Test
    void refusesTooManyEntries() throws Exception {
        SlotZip many = well();
        for (int entry = 0; entry < Unpacking.MOST_ENTRIES; entry++) {
            many.entry("conf/" + entry, "");
        }
        zip = many.write(zip);
        assertTrue(refused().contains("the archive has 10006 entries"));
    }

    @Test
    void refusesTwoEntriesOfOneName() throws Exception {
        zip = well().entry("lib/twin-1.jar", "1").entry("lib/twin-2.jar", "2").write(zip);
        SlotZip.bend(zip, "lib/twin-2.jar", 46 + "lib/twin-".length(), '1');
        assertTrue(refused().contains("two entries \"lib/twin-1.jar\""));
    }

    @Test
    void refusesAFileAndAFolderOfOneName() throws Exception {
        zip = well().entry("lib/launcher.jar/x", "1").write(zip);
        assertTrue(refused().contains("a file and a folder of one name"));
    }

    @Test
    void refusesAnotherLayout() throws Exception {
        zip = well().without("conf/factory.json").write(zip);
        assertTrue(refused().contains("has no conf/factory.json, or no jar in lib"));
        zip = well().without("lib/launcher.jar").write(zip);
        assertTrue(refused().contains("has no conf/factory.json, or no jar in lib"));
    }

    @Test
    void refusesAFactoryDocumentThatSpeaksOfOtherBundles() throws Exception {
        zip = well().without("bundles/a.jar").write(zip);
        assertTrue(refused().contains("names a 1.0.0, which it has not"));
        zip = well().entry("bundles/a.jar", "another").write(zip);
        assertTrue(refused().contains("names a 1.0.0, which it has not"));
        zip = well().entry("conf/factory.json", "{").write(zip);
        assertTrue(refused().contains("conf/factory.json will not do"));
    }

    @Test
    void refusesWhatIsNoZipOrCutOff() throws Exception {
        byte[] bytes = Files.readAllBytes(zip);
        Files.write(zip, new byte[100]);
        assertTrue(refused().contains("no zip that can be read"));
        Files.write(zip, new byte[0]);
        assertTrue(refused().contains("no zip that can be read"));
        for (int length = bytes.length - 1; length > 0; length -= 97) {
            Files.write(zip, java.util.Arrays.copyOf(bytes, length));
            refused();
        }
    }

    @Test
    void refusesBitsThatDoNotInflate() throws Exception {
        byte[] bytes = Files.readAllBytes(zip);
        int at = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("bundles/a.jar");
        java.util.Arrays.fill(bytes, at + 13, at + 40, (byte) 0xff);
        Files.write(zip, bytes);
        refused();
    }
}
