package io.gatehouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.message.TransportProvider;
import java.nio.file.Path;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** To whom the transport that is shipped speaks without TLS. None of these addresses is anybody's. */
final class PlaintextTest {
    private static final String ELSEWHERE = "tcp://me:s3cret@nobody.invalid:1883";
    private static final String REFUSED =
            "gatehouse: tcp://nobody.invalid:1883 has no TLS, and is not on this machine: use"
                    + " ssl://, or permit it by --plaintext\n";
    private static final int USAGE = 2;
    private static final int UNREACHABLE = 4;

    private final Console console = new Console(ServiceLoader.load(TransportProvider.class));

    @TempDir
    private Path folder;

    @Test
    void refusesABrokerElsewhereAndNamesTheRemedy() {
        assertEquals(USAGE, console.run("devices", "--broker", ELSEWHERE));
        assertEquals(REFUSED, console.err());
        String key = folder.resolve("key").toString();
        assertEquals(0, console.run("key", "new", key));
        console.environment().put("GATEHOUSE_BROKER", ELSEWHERE);
        assertEquals(USAGE, console.run("cmd", "ping", "--to", "dwr", "-v", "--key", key));
        assertTrue(console.err().startsWith(REFUSED), console.err());
        assertFalse(console.err().contains("s3cret"), console.err());
    }

    @Test
    void refusesToAnswerClaimsThere() {
        String fleet = folder.resolve("fleet").toString();
        assertEquals(0, console.run("ca", "new", fleet));
        assertEquals(USAGE, console.run("ca", "serve", fleet, "--broker", ELSEWHERE));
        assertEquals(REFUSED, console.err());
    }

    @Test
    void speaksToItWhereThatIsPermitted() {
        assertEquals(UNREACHABLE, console.run("devices", "--plaintext", "--broker", ELSEWHERE), console::err);
        console.environment().put("GATEHOUSE_PLAINTEXT", "true");
        assertEquals(UNREACHABLE, console.run("devices", "--broker", ELSEWHERE), console::err);
    }

    @ParameterizedTest
    @CsvSource({"tcp://localhost:1", "tcp://127.0.0.1:1", "mqtt://[::1]:1", "ssl://nobody.invalid:8883"})
    void needsNoPermissionOnThisMachineOrByTls(String address) {
        assertEquals(UNREACHABLE, console.run("devices", "--broker", address), console::err);
    }
}
