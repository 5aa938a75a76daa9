package io.gatehouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.KeyFile;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.fleet.TrustFile;
import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.trust.Licensor;
import io.gatehouse.protocol.trust.Relay;
import io.gatehouse.protocol.trust.Role;
import io.gatehouse.protocol.trust.Trust;
import io.gatehouse.protocol.trust.TrustDocument;
import io.gatehouse.protocol.trust.TrustedKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Trust documents edited in a file and brought to a device. */
final class TrustCommandTest {
    private static final String ONE = "dwr/311-a1/00-00-00-00-00-01";

    private final MemoryBroker broker = new MemoryBroker();
    private final Console console = new Console(broker);

    private final List<FakeDevice> devices = new ArrayList<>();

    @TempDir
    private Path folder;

    private String trust;
    private String root;
    private String anna;
    private String rootKid;
    private String annaKid;

    @BeforeEach
    void thereAreKeys() throws Trouble {
        trust = file("trust.json");
        root = file("root.key");
        anna = file("anna.key");
        rootKid = KeyFile.create(Path.of(root)).kid();
        annaKid = KeyFile.create(Path.of(anna)).kid();
    }

    @AfterEach
    void leave() {
        devices.forEach(FakeDevice::close);
    }

    @Test
    void makesADocumentOfKeysWithRolesAndScopes() throws Trouble {
        begin();
        TrustDocument document = TrustFile.read(Path.of(trust));
        assertEquals(1, document.version());
        TrustedKey key = document.key(annaKid).orElseThrow();
        assertEquals(Set.of(Role.OPERATOR, Role.VOUCH), key.roles());
        assertEquals(List.of(new Scope("dwr/311-a1"), new Scope("world/asia")), key.scopes());
        assertEquals(0, console.run("trust", "show", trust));
        assertTrue(console.out().startsWith("version 1\n"), console.out());
        assertTrue(console.out().contains(annaKid + "  operator,vouch  dwr/311-a1,world/asia\n"), console.out());
    }

    @Test
    void raisesTheVersionWithEachEdit() throws Trouble, IOException {
        begin();
        ok("trust", "add", trust, "operator=" + anna + "@dwr");
        assertEquals(List.of(new Scope("dwr")), key(annaKid).scopes());
        ok("trust", "retire", trust, annaKid.substring(0, 8));
        assertTrue(key(annaKid).retired());
        Path ca = Path.of(file("ca.pem"));
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("acme-ca.pem"))) {
            Files.copy(in, ca);
        }
        Path grants = Files.writeString(Path.of(file("grants.json")), "{\"exports\":[\"com.acme.api\"]}");
        ok(
                "trust",
                "vendor",
                trust,
                "acme",
                "--certificate",
                ca.toString(),
                "--names",
                "com.acme.*,com.acme",
                "--grants",
                grants.toString());
        assertEquals(
                List.of("com.acme.*", "com.acme"),
                TrustFile.read(Path.of(trust)).vendors().get(0).names());
        ok("trust", "show", trust);
        assertTrue(console.out().contains("acme    com.acme.*,com.acme"), console.out());
        ok("trust", "vendor", trust, "acme", "--remove");
        ok("trust", "revoke", trust, annaKid);
        TrustDocument document = TrustFile.read(Path.of(trust));
        assertEquals(6, document.version());
        assertTrue(document.key(annaKid).isEmpty() && document.vendors().isEmpty());
    }

    @Test
    void writesNothingThatIsNoTrustDocument() throws IOException, Trouble {
        begin();
        String before = Files.readString(Path.of(trust));
        refused("must have one with the role root", "trust", "revoke", trust, rootKid);
        refused("must have one with the role root", "trust", "retire", trust, rootKid);
        refused("no such role: boss; there are root, operator", "trust", "add", trust, "boss=" + anna + "@dwr");
        refused("not a grant: operator", "trust", "add", trust, "operator");
        refused("level \"+\" must be", "trust", "add", trust, "operator=" + anna + "@dwr/+");
        refused("no such key file", "trust", "add", trust, "operator=" + file("none") + "@dwr");
        refused("not the thumbprint of one key", "trust", "revoke", trust, annaKid.substring(0, 5));
        refused("no such vendor: acme", "trust", "vendor", trust, "acme", "--remove");
        refused("a vendor needs --certificate and --names", "trust", "vendor", trust, "acme");
        refused("is there already", "trust", "new", trust, "--add", "root=" + root + "@dwr");
        assertEquals(before, Files.readString(Path.of(trust)));
        refused("no such trust document", "trust", "show", file("none"));
    }

    @Test
    void bringsTheFirstDocumentToADeviceThatKnowsItsRoot() throws Trouble {
        begin();
        device();
        ok("trust", "publish", trust, "--to", "dwr", "--key", root);
        assertTrue(console.out().contains(ONE + "  applied, version 1"), console.out());
        ok("cmd", "ping", "--to", ONE, "--key", anna);
        ok("trust", "publish", trust, "--to", "dwr", "--key", root);
        assertTrue(console.out().contains(ONE + "  applied already"), console.out());
        ok("status", ONE);
        assertTrue(console.out().contains("trust     version 1, "), console.out());
    }

    @Test
    void publishesNoDocumentThatDevicesWouldRefuse() throws Trouble {
        begin();
        String stranger = file("stranger.key");
        KeyFile.create(Path.of(stranger));
        refused("wrong-role", "trust", "publish", trust, "--to", "dwr", "--key", anna, "--no-wait");
        ok("trust", "publish", trust, "--to", "dwr", "--key", root, "--no-wait");
        ok("trust", "add", trust, "operator=" + stranger + "@dwr");
        refused("unknown-key", "trust", "publish", trust, "--to", "dwr", "--key", stranger, "--no-wait");
        assertEquals(1, broker.published().stream().filter(Message::retain).count());
    }

    @Test
    void publishesNoDocumentThatShutsTheFleetOut() throws Trouble {
        begin();
        ok("trust", "publish", trust, "--to", "dwr", "--key", root, "--no-wait");
        ok("trust", "add", trust, "root=" + root + "@world");
        refused("there could never be another", "trust", "publish", trust, "--to", "dwr", "--key", root, "--no-wait");
    }

    @Test
    void publishesNoVersionThatDoesNotRise() throws Trouble, IOException {
        begin();
        device();
        Files.copy(Path.of(trust), Path.of(file("copy.json")));
        ok("trust", "add", trust, "operator=" + anna + "@dwr");
        ok("trust", "publish", trust, "--to", "dwr", "--key", root);
        refused("rolled-back", "trust", "publish", file("copy.json"), "--to", "dwr", "--key", root);
        refused(
                ONE + " has version 2 already, and this is version 1",
                "trust",
                "publish",
                file("copy.json"),
                "--to",
                "world",
                "--key",
                root);
    }

    @Test
    void publishesANewRootOnlyWithItsOwnSignature() throws Trouble {
        begin();
        device();
        ok("trust", "publish", trust, "--to", "dwr", "--key", root);
        String next = file("next.key");
        KeyFile.create(Path.of(next));
        ok("trust", "add", trust, "root=" + next + "@dwr,world");
        refused("unconfirmed-root", "trust", "publish", trust, "--to", "dwr", "--key", root);
        ok("trust", "publish", trust, "--to", "dwr", "--key", root, "--key", next);
        ok("trust", "revoke", trust, rootKid);
        refused("wrong-role", "trust", "publish", trust, "--to", "dwr", "--key", anna);
        ok("trust", "publish", trust, "--to", "dwr", "--key", next);
        assertTrue(console.out().contains(ONE + "  applied, version 3"), console.out());
        assertFalse(
                broker.published().stream().anyMatch(message -> message.topic().endsWith("event/security")));
    }

    @Test
    void namesRelaysWithTheirKeys() throws Trouble {
        begin();
        String key = "SHA256:" + "a".repeat(43);
        ok("trust", "relay", trust, "relay.example.com:22", "--host-key", key);
        assertEquals(
                List.of(new Relay("relay.example.com:22", List.of(key))),
                TrustFile.read(Path.of(trust)).relays());
        ok("trust", "show", trust);
        assertTrue(console.out().contains("relay.example.com:22  " + key), console.out());
        refused("needs a host key", "trust", "relay", trust, "relay.example.com:22");
        refused("must be host:port: relay", "trust", "relay", trust, "relay", "--host-key", key);
        refused("no such relay: other:22", "trust", "relay", trust, "other:22", "--remove");
        ok("trust", "relay", trust, "relay.example.com:22", "--remove");
        assertEquals(List.of(), TrustFile.read(Path.of(trust)).relays());
        assertEquals(3, TrustFile.read(Path.of(trust)).version());
    }

    @Test
    void saysWhatAKeyMayIssue() throws Trouble {
        begin();
        String acme = file("acme.key");
        String kid = KeyFile.create(Path.of(acme)).kid();
        ok(words("trust add TRUST license=ACME@dwr --issuer acme --features com.acme.*,tunnel"));
        assertEquals(Optional.of(new Licensor("acme", List.of("com.acme.*", "tunnel"))), key(kid).licensor());
        ok("trust", "show", trust);
        assertTrue(console.out().contains(kid + "  license         dwr "), console.out());
        assertTrue(console.out().contains("acme    com.acme.*,tunnel"), console.out());
        ok("trust", "retire", trust, kid);
        assertTrue(key(kid).retired());
        assertEquals("acme", key(kid).licensor().orElseThrow().issuer());
        ok("trust", "show", trust, "-o", "json");
        assertTrue(
                console.out().contains("\"issuer\":\"acme\",\"features\":[\"com.acme.*\",\"tunnel\"]"), console.out());
        ok(words("trust add TRUST operator=ACME@dwr"));
        assertEquals(Optional.empty(), key(kid).licensor());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "license=ACME@dwr | a key with the role license has an issuer's name, and features",
                "license=ACME@dwr --issuer acme | what may acme grant? Add --features",
                "license=ACME@dwr --features * | whose are the --features *? Add --issuer NAME",
                "license=ACME@dwr --issuer a/b --features * | --issuer must be 1 to 64 of letters",
                "license=ACME@dwr --issuer acme --features com.*.x | --features must be a feature such as com.acme.rain",
                "operator=ACME@dwr --issuer acme --features * | --issuer acme is for keys with the role license, and none",
            })
    void refusesAnIssuerThatIsNone(String grant, String why) throws Trouble, IOException {
        begin();
        KeyFile.create(Path.of(file("acme.key")));
        String before = Files.readString(Path.of(trust));
        refused(why, words("trust add TRUST " + grant));
        assertEquals(before, Files.readString(Path.of(trust)));
    }

    private String[] words(String line) {
        return line.replace("TRUST", trust).replace("ACME", file("acme.key")).split(" ");
    }

    private void begin() {
        ok(
                "trust",
                "new",
                trust,
                "--add",
                "root=" + root + "@dwr,world",
                "--add",
                "operator,vouch=" + anna + "@dwr/311-a1,world/asia");
    }

    private void device() {
        FakeDevice device =
                new FakeDevice(broker, ONE, "world/asia/taiwan", new Trusting(new Trust(rootKid, Optional.empty())));
        devices.add(device.answering("ping", message -> Outcome.done(Map.of())));
    }

    private TrustedKey key(String kid) throws Trouble {
        return TrustFile.read(Path.of(trust)).key(kid).orElseThrow();
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private void ok(String... args) {
        assertEquals(0, console.run(args), () -> String.join(" ", args) + ": " + console.err());
    }

    private void refused(String why, String... args) {
        assertEquals(2, console.run(args), () -> String.join(" ", args) + ": " + console.out() + console.err());
        assertTrue(console.err().contains(why), console.err());
    }
}
