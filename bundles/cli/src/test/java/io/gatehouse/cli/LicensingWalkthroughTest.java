package io.gatehouse.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.cli.fleet.KeyFile;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.protocol.trust.Trust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleException;

/** What {@code docs/licensing.md} shows, typed line by line; what needs a token in a machine of its own is left out. */
final class LicensingWalkthroughTest {
    private static final String DEVICE = "dwr/311-a1/00-11-22-33-44-55";
    private static final Path TEXT = Path.of("../../docs/licensing.md");
    private static final String DEMO = "./gatehouse ";
    private static final Pattern TABLE = Pattern.compile("```csv\n(.*?)```", Pattern.DOTALL);

    private final MemoryBroker broker = new MemoryBroker();
    private final Console console = new Console(broker);

    @TempDir
    private Path folder;

    @Test
    void everyCommandDoesWhatTheTextSays() throws IOException, Trouble, BundleException {
        KeyFile.create(folder.resolve("root.key"));
        KeyFile.create(folder.resolve("operator.key"));
        type("gatehouse trust new trust.json --add root=root.key@dwr,world --add operator=operator.key@dwr,world");
        String text = Files.readString(TEXT);
        Matcher table = TABLE.matcher(text);
        assertTrue(table.find());
        Files.writeString(folder.resolve("devices.csv"), table.group(1));
        Trust pinned = new Trust(KeyFile.read(folder.resolve("root.key")).kid(), Optional.empty());
        List<String> lines = text.lines()
                .filter(line -> line.startsWith("gatehouse ") && !line.contains("--pkcs11"))
                .toList();
        List<String> written = new ArrayList<>();
        try (LicensedDevice device =
                new LicensedDevice(broker, DEVICE, "world/asia", new Trusting(pinned), folder.resolve("site"))) {
            for (String line : lines) {
                type(line);
                written.add(console.out());
            }
            await().until(() -> !device.grants("com.acme.rain") && device.grants("tunnel"));
        }
        assertTrue(lines.size() >= 16, "read from the text: " + lines);
        String all = String.join("", written);
        assertTrue(all.contains(DEVICE + "  rain  granted  com.acme.rain until "), all);
        assertTrue(all.contains("tunnel-1 of acme  renewed, sequence 2, until "), all);
        assertTrue(all.contains(DEVICE + "  acme  applied"), all);
    }

    @Test
    void demosLicenseComesIsRenewedAndIsRevoked() throws IOException, Trouble, BundleException {
        KeyFile.create(folder.resolve("root.key"));
        KeyFile.create(folder.resolve("operator.key"));
        KeyFile.create(folder.resolve("license.key"));
        console.environment()
                .put("GATEHOUSE_KEY", folder.resolve("operator.key").toString());
        type("gatehouse trust new trust.json --add root=root.key@dwr --add operator=operator.key@dwr");
        type("gatehouse trust add trust.json license=license.key@dwr --issuer demo --features *");
        Trust pinned = new Trust(KeyFile.read(folder.resolve("root.key")).kid(), Optional.empty());
        List<String> lines = Files.readString(TEXT)
                .lines()
                .filter(line -> line.startsWith(DEMO + "license "))
                .toList();
        assertEquals(7, lines.size(), "read from the text: " + lines);
        List<Boolean> isGranted = List.of(false, false, true, true, true, false, false);
        List<String> written = new ArrayList<>();
        try (LicensedDevice device = new LicensedDevice(
                        broker, DEVICE, "world/asia", new Trusting(pinned), folder.resolve("site"))
                .asksFor("com.acme.rain")) {
            type("gatehouse trust publish trust.json --to dwr --key root.key");
            for (String line : lines) {
                type(line.substring("./".length()).replace("target/demo/keys/", ""));
                boolean expected = isGranted.get(written.size());
                written.add(console.out());
                await(line).until(() -> device.grants("com.acme.rain") == expected);
            }
        }
        assertTrue(written.get(0).startsWith("DEVICE "), written::toString);
        assertTrue(written.get(0).contains("unlicensed  com.acme.rain"), written::toString);
        assertTrue(written.get(3).contains("rain-1 of demo, sequence 2"), written::toString);
        assertTrue(written.get(6).contains("revoked: demo took it back"), written::toString);
    }

    private void type(String line) throws IOException {
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

    /** A file's name as it is in this test's folder. */
    private String here(String word) {
        String name = word.substring(word.indexOf('=') + 1).replaceAll("@.*", "");
        return name.matches("[a-z-]+\\.(key|jwk|json|jwt|csv)|licenses")
                ? word.replace(name, folder.resolve(name).toString())
                : word;
    }
}
