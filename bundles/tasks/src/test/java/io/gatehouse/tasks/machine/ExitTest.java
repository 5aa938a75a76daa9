package io.gatehouse.tasks.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExitTest {
    @TempDir
    Path folder;

    @Test
    void showsNothingOfTheGatewaysEnvironment() throws Exception {
        Path seen = folder.resolve("seen");
        Exit exit = new Exit(List.of("/bin/sh", "-c", "tr '\\0' '\\n' < /proc/$$/environ > " + seen));
        assertEquals(Optional.empty(), exit.take());
        Set<String> names = Files.readAllLines(seen).stream()
                .map(line -> line.substring(0, line.indexOf('=')))
                .collect(Collectors.toSet());
        assertEquals(Set.of("PATH", "HOME", "LANG", "LC_ALL"), names);
    }

    @Test
    void saysWhyItDidNotWork() throws Exception {
        assertEquals(Optional.of("/bin/false ended with code 1"), new Exit(List.of("/bin/false")).take());
        String complaint = new Exit(List.of("/nowhere/reboot")).take().orElseThrow();
        assertTrue(complaint.startsWith("cannot run /nowhere/reboot: "), complaint);
    }
}
