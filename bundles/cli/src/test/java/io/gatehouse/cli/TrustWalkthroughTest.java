package io.gatehouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Outcome;
import io.gatehouse.cli.fleet.KeyFile;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.protocol.trust.Trust;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code docs/trust.md} shows, typed line by line. */
final class TrustWalkthroughTest {
    private static final String DEVICE = "dwr/311-a1/00-11-22-33-44-55";
    private static final Path TEXT = Path.of("../../docs/trust.md");

    private final MemoryBroker broker = new MemoryBroker();
    private final Console console = new Console(broker);

    @TempDir
    private Path folder;

    @Test
    void everyCommandDoesWhatTheTextSays() throws IOException, Trouble {
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("acme-ca.pem"))) {
            Files.copy(in, folder.resolve("acme-ca.pem"));
        }
        Files.writeString(folder.resolve("grants.json"), "{\"exports\":[\"com.acme.api\"]}");
        List<FakeDevice> devices = new ArrayList<>();
        List<String> lines = lines();
        for (String line : lines) {
            type(line);
            if (line.endsWith("key new root.key")) {
                Trust pinned =
                        new Trust(KeyFile.read(folder.resolve("root.key")).kid(), Optional.empty());
                devices.add(new FakeDevice(broker, DEVICE, "world/asia", new Trusting(pinned))
                        .answering("ping", message -> Outcome.done(Map.of())));
            }
        }
        devices.forEach(FakeDevice::close);
        assertTrue(lines.size() >= 20, "read from the text: " + lines);
        assertTrue(console.out().contains(DEVICE + "  applied, version 8"), console.out());
    }

    /** What a reader without other programs types. */
    private static List<String> lines() throws IOException {
        return Files.readAllLines(TEXT).stream()
                .filter(line -> line.startsWith("gatehouse "))
                .toList();
    }

    private void type(String line) throws IOException, Trouble {
        String[] parts = line.split(" >", 2);
        List<String> words = new ArrayList<>();
        for (String word : parts[0].substring("gatehouse ".length()).split(" ")) {
            words.add(here(word));
        }
        assertEquals(0, console.run(words.toArray(String[]::new)), () -> line + ": " + console.err() + console.out());
        if (parts.length == 2) {
            Files.writeString(folder.resolve(parts[1]), console.out());
        }
    }

    /** A file's name as it is in this test's folder, and a kid for its variable. */
    private String here(String word) throws Trouble {
        String name = word.substring(word.indexOf('=') + 1).replaceAll("@.*", "");
        if (Arrays.asList("$ANNA", "$ROOT").contains(word)) {
            String key = word.equals("$ANNA") ? "anna.key" : "root.key";
            return KeyFile.read(folder.resolve(key)).kid();
        }
        return name.matches("[a-z-]+\\.(key|jwk|json|pem)")
                ? word.replace(name, folder.resolve(name).toString())
                : word;
    }
}
