package io.gatehouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Outcome;
import io.gatehouse.cli.fleet.DemoFile;
import io.gatehouse.protocol.trust.SigningKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How commands find the demo that runs, and its device. */
final class RunningDemoTest {
    private static final String ONE = "dwr/311-a1/00-00-00-00-00-01";
    private static final long ALIVE = ProcessHandle.current().pid();

    private final MemoryBroker broker = new MemoryBroker();
    private final Console console = new Console(broker);

    @TempDir
    private Path folder;

    private FakeDevice one;

    @BeforeEach
    void aDeviceIsThere() throws IOException {
        SigningKey operator = SigningKey.generate();
        console.signBy(operator, folder);
        console.environment().put(DemoFile.FOLDER, folder.toString());
        one = new FakeDevice(broker, ONE, "world/asia", Trusting.allTo(SigningKey.generate(), operator, "dwr"))
                .answering("ping", message -> Outcome.done(Map.of("ok", true)));
    }

    @AfterEach
    void leave() {
        one.close();
    }

    @Test
    void isFoundWhereNoBrokerIsNamed() throws IOException {
        console.environment().remove("GATEHOUSE_BROKER");
        demo(ALIVE, MemoryBroker.ADDRESS);
        assertEquals(0, console.run("cmd", "ping"), console::err);
        assertTrue(console.out().contains("ok  true"), console.out());
    }

    @Test
    void isNotTakenForAnEmptyAddress() throws IOException {
        demo(ALIVE, MemoryBroker.ADDRESS);
        assertEquals(2, console.run("devices", "--broker", ""));
        assertTrue(console.err().contains("not a broker's address"), console.err());
    }

    @Test
    void isOverlookedWhereItsProcessIsGone() throws IOException {
        console.environment().remove("GATEHOUSE_BROKER");
        demo(Integer.MAX_VALUE, MemoryBroker.ADDRESS);
        assertEquals(2, console.run("devices"));
        assertTrue(console.err().contains("no demo runs"), console.err());
    }

    @Test
    void lendsItsDeviceOnlyAtItsBroker() throws IOException {
        demo(ALIVE, URI.create("memory://other"));
        assertEquals(2, console.run("cmd", "ping"));
        assertTrue(console.err().contains("to which devices? Give --to, a device,"), console.err());
    }

    @Test
    void lendsItsDeviceAlsoToAnotherUser() throws IOException {
        console.environment().put("GATEHOUSE_BROKER", "memory://me:s3cret@broker");
        demo(ALIVE, MemoryBroker.ADDRESS);
        assertEquals(0, console.run("cmd", "ping"), console::err);
    }

    @Test
    void saysWhichScopesItsKeyIsForWhereAnotherIsMeant() throws IOException {
        console.environment().remove("GATEHOUSE_KEY");
        demo(ALIVE, MemoryBroker.ADDRESS);
        assertEquals(2, console.run("cmd", "ping", "--to", "dwr/311-a1/00-00-00-00-00-0l"));
        assertTrue(
                console.err()
                        .contains(
                                "no key to sign with for dwr/311-a1/00-00-00-00-00-0l: the demo's is for its devices and"
                                        + " the scopes above them, which are dwr, dwr/311-a1, " + ONE),
                console.err());
    }

    private void demo(long pid, URI at) throws IOException {
        new DemoFile(pid, at, ONE, Optional.empty(), Optional.empty()).write(folder);
    }
}
