package io.gatehouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.cli.fleet.KeyFile;
import io.gatehouse.cli.fleet.Trouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A test of what an issuer of licenses types: in a folder with keys, and a trust document that names them. */
abstract class WithIssuer {
    static final String ONE = "dwr/311-a1/00-00-00-00-00-01";

    final MemoryBroker broker = new MemoryBroker();
    final Console console = new Console(broker);

    @TempDir
    Path folder;

    @BeforeEach
    void thereIsAnIssuer() throws Trouble {
        for (String key : new String[] {"root.key", "operator.key", "acme.key", "stranger.key"}) {
            KeyFile.create(file(key));
        }
        console.environment().put("GATEHOUSE_KEY", file("operator.key").toString());
        ok("trust new trust.json --add root=root.key@dwr,world --add operator=operator.key@dwr,world");
        ok("trust add trust.json license=acme.key@dwr --issuer acme --features com.acme.*,tunnel");
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    String text(String name) {
        try {
            return Files.readString(file(name)).strip();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Types a line; names of files are in the folder. */
    int run(String line) {
        return console.run(Arrays.stream(line.split(" ")).map(this::here).toArray(String[]::new));
    }

    void ok(String line) {
        assertEquals(0, run(line), () -> line + ": " + console.err() + console.out());
    }

    /** Types a line that does not go through, for this reason. */
    void not(int exitCode, String why, String line) {
        assertEquals(exitCode, run(line), () -> line + ": " + console.err() + console.out());
        assertTrue((console.err() + console.out()).contains(why), () -> console.err() + console.out());
    }

    private String here(String word) {
        String name = word.substring(word.indexOf('=') + 1).replaceAll("@.*", "");
        return name.matches("[a-z0-9-]+\\.(key|jwk|json|jwt|csv)|out[a-z]*")
                ? word.replace(name, file(name).toString())
                : word;
    }
}
