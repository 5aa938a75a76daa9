package io.gatehouse.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.KeyFile;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.protocol.enrollment.ClaimAnswer;
import io.gatehouse.protocol.enrollment.Token;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CaCommandTest {
    private final MemoryBroker broker = new MemoryBroker();
    private final Console console = new Console(broker);

    @TempDir
    private Path folder;

    private String fleet;
    private String root;

    @BeforeEach
    void thereIsAnAuthority() throws Trouble {
        fleet = folder.resolve("fleet").toString();
        root = folder.resolve("root.key").toString();
        KeyFile.create(Path.of(root));
        ok("ca", "new", fleet);
    }

    @Test
    void printsTheFingerprintThatTokensHave() throws Trouble {
        ok("ca", "fingerprint", fleet);
        String fingerprint = console.out().strip();
        ok("ca", "token", fleet, "--device", "dwr/311-a1/7", "--place", "world/asia", "--root", root);
        Token token = Token.read(console.out().strip());
        assertEquals(fingerprint, token.ca().hex());
        assertEquals(KeyFile.read(Path.of(root)).kid(), token.root());
        assertEquals(Optional.of("world/asia"), token.place());
        assertEquals("", console.err());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--device dwr/311-a1 --root ROOT | must be <family>/<model>/<id>",
                "--device dwr/311-a1/7 --place dwr/asia --root ROOT | begins with the family's name",
                "--device dwr/311-a1/7 --root short | root must be a key's thumbprint",
                "--device dwr/311-a1/7 --root ROOT --valid never | must be a time",
                "--root ROOT | Missing required option: '--device=DEVICE'",
            })
    void refusesATokenThatNoDeviceWouldTake(String options, String refusal) {
        String[] words = ("ca token " + fleet + " " + options.replace("ROOT", root)).split(" ");
        assertEquals(2, console.run(words));
        assertTrue(console.err().contains(refusal), console.err());
    }

    @Test
    void listsDevicesAndWhatBecameOfTheirTokens() throws Trouble {
        ok("ca", "list", fleet);
        assertEquals("", console.out());
        ok("ca", "token", fleet, "--device", "dwr/311-a1/7", "--place", "world/asia", "--root", root);
        ok("ca", "list", fleet);
        assertTrue(console.out().contains("dwr/311-a1/7  world/asia  waiting"), console.out());
        ok("ca", "list", fleet, "-o", "json");
        assertTrue(console.out().startsWith("{\"device\":\"dwr/311-a1/7\""), console.out());
        assertEquals(2, console.run("ca", "release", fleet, "dwr/311-a1/7"));
    }

    @Test
    void answersClaimsAtTheBroker() throws Exception {
        ok("ca", "token", fleet, "--device", "dwr/311-a1/7", "--root", root);
        Token token = Token.read(console.out().strip());
        Thread authority = new Thread(() -> console.run("ca", "serve", fleet, "-n", "1"));
        authority.start();
        await().until(() -> console.err().contains("answering at"));
        broker.publish(Message.json("claim/no-token", new byte[0]));
        broker.publish(Message.json(token.topic(), "{}".getBytes()));
        authority.join();
        Message answer = broker.published().get(broker.published().size() - 1);
        assertEquals(token.topic() + "/certificate", answer.topic());
        assertFalse(answer.retain());
        assertEquals(
                "bad-request",
                ((ClaimAnswer.Refused) ClaimAnswer.read(answer.payload()))
                        .problem()
                        .type());
        assertTrue(console.out().startsWith(token.topic() + "  refused, bad-request: csr is missing"), console.out());
    }

    @Test
    void makesFilesForABrokerAndMakesOnlyTheCertificateAnew() throws IOException {
        ok("ca", "certificate", fleet, "--server", "broker.example.org,192.168.1.2,fe80::1");
        Path key = Path.of(fleet, "broker.example.org.key");
        Path certificate = Path.of(fleet, "broker.example.org.pem");
        assertEquals(certificate + "\n", console.out());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
        String firstKey = Files.readString(key);
        String first = Files.readString(certificate);
        ok("ca", "certificate", fleet, "--server", "broker.example.org", "--life", "P30D");
        assertEquals(firstKey, Files.readString(key));
        assertFalse(first.equals(Files.readString(certificate)));
    }

    @Test
    void writesAListOfWhatWasRevoked() throws IOException {
        ok("ca", "crl", fleet);
        assertTrue(console.out().startsWith("-----BEGIN X509 CRL-----\n"), console.out());
        assertTrue(console.err().startsWith("revoked: 0; to be replaced before 2"), console.err());
        Path file = folder.resolve("fleet.crl");
        ok("ca", "crl", fleet, "--out", file.toString(), "--days", "1");
        assertEquals(file + "\n", console.out());
        assertTrue(Files.readString(file).endsWith("-----END X509 CRL-----\n"));
        assertEquals(2, console.run("ca", "crl", fleet, "--days", "0"));
        assertTrue(console.err().contains("--days must be from 1 to 36500: 0"), console.err());
    }

    @ParameterizedTest
    @CsvSource({"--server,a b", "--server,''", "--client,dwr/311-a1/7", "--client,../x"})
    void refusesNamesThatWillNotDo(String option, String name) {
        assertEquals(2, console.run("ca", "certificate", fleet, option, name), console.out());
    }

    @Test
    void refusesAFolderThatIsNone() {
        assertEquals(2, console.run("ca", "list", folder.resolve("none").toString()));
        assertTrue(console.err().contains("gatehouse ca new " + folder.resolve("none") + " makes one"), console.err());
        assertEquals(2, console.run("ca", "new", fleet));
        assertTrue(console.err().contains("already"), console.err());
    }

    @Test
    void printsAnAccessListOfAllDevices() throws Trouble {
        ok("ca", "token", fleet, "--device", "dwr/311-a1/7", "--place", "world/asia", "--root", root);
        ok("acl", "--from", fleet, "dwr/311-a1/8", "--operator", "anna");
        assertEquals(
                List.of(
                        "user anna",
                        "topic readwrite #",
                        "",
                        "user dwr/311-a1/8",
                        "topic readwrite dwr/311-a1/8/#",
                        "topic read dwr/desired/#",
                        "topic read dwr/cmd/+",
                        "topic read dwr/311-a1/desired/#",
                        "topic read dwr/311-a1/cmd/+",
                        "topic write reply/#",
                        "",
                        "user dwr/311-a1/7",
                        "topic readwrite dwr/311-a1/7/#",
                        "topic read world/desired/#",
                        "topic read world/cmd/+",
                        "topic read world/asia/desired/#",
                        "topic read world/asia/cmd/+",
                        "topic read dwr/desired/#",
                        "topic read dwr/cmd/+",
                        "topic read dwr/311-a1/desired/#",
                        "topic read dwr/311-a1/cmd/+",
                        "topic write world/asia/+",
                        "topic write reply/#",
                        ""),
                console.out().lines().toList());
        ok("acl", "--claims", "--operator", "authority");
        assertTrue(console.out().contains("topic write claim/+\ntopic read claim/+/certificate\n\nuser authority"));
    }

    @ParameterizedTest
    @CsvSource({"''", "--claims dwr/311-a1/7", "dwr", "dwr/311-a1/7@dwr/x"})
    void refusesAnAccessListForNobody(String words) {
        assertEquals(2, console.run(("acl " + words).strip().split(" ")));
    }

    private void ok(String... words) {
        assertEquals(0, console.run(words), () -> console.err() + console.out());
    }
}
