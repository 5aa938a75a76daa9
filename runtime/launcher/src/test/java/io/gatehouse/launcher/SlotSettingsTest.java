package io.gatehouse.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the script finds slots, and with what it starts what is in them. */
class SlotSettingsTest extends SupervisedSlots {
    @Test
    void aSlotsOwnJavaAndArchiveOfClassesAreTaken() throws Exception {
        file("current", OLD);
        Path own = slots.resolve(OLD).resolve("java/bin/java");
        program(
                own,
                "#!/bin/sh\ncd '" + folder + "'\necho \"own $1 waits\" >>calls\necho waits >>calls\nexec sleep 30\n");
        Files.writeString(slots.resolve(OLD).resolve("lib/gatehouse.jsa"), "");
        start();
        assertEquals("o", started());
        assertTrue(
                calls().get(0)
                        .contains("-XX:SharedArchiveFile=" + slots.resolve(OLD).resolve("lib/gatehouse.jsa")),
                calls().toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--state|S", "--state=S", "-Dgatehouse.state=S", "-D|gatehouse.state=S", "--state|x|--state|S"})
    void theStateFolderIsFoundOnTheCommandLine(String arguments) throws Exception {
        settings("gatehouse.state=/nowhere\n");
        file("current", OLD);
        start(arguments.replace("S", slots.getParent().toString()).split("\\|"));
        assertEquals("a", started());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"gatehouse.state=S", "  gatehouse.state : S  ", "gatehouse.state S", "\tgatehouse.state\t=\tS\r"
            })
    void theStateFolderIsFoundInTheSettings(String line) throws Exception {
        settings("# gatehouse.state=/nowhere\ngatehouse.statement=/nowhere\ngatehouse.state=/before\n"
                + line.replace("S", slots.getParent().toString()));
        file("current", OLD);
        start("--broker", "tcp://127.0.0.1:9");
        assertEquals("a", started());
    }

    @Test
    void anotherImageThanTheScriptsOwnHasNoSlots() throws Exception {
        file("current", OLD);
        file("next", NEW);
        start("--home", image.toString());
        assertEquals("i", started());
        assertEquals("current next", files());
    }

    @Test
    void refusesAProbationThatItCannotCount() throws Exception {
        Process process = start("-D", "gatehouse.probation=2 minutes");
        assertTrue(process.waitFor(10, TimeUnit.SECONDS));
        assertEquals(2, process.exitValue());
        assertEquals(
                "gatehouse-gateway: gatehouse.probation must be like PT120S: 2 minutes\n",
                Files.readString(folder.resolve("out")));
    }
}
