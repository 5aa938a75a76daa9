package io.gatehouse.terminal;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.device.Attester;
import io.gatehouse.protocol.Base64Url;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.Pem;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a terminal is, whoever looks at it. */
@Timeout(120)
final class TerminalTest {
    private static final Duration LONG = Duration.ofHours(1);

    @TempDir
    Path folder;

    @BeforeEach
    void needs() {
        Needs.programs("script", "stty", "ssh-keygen");
    }

    @Test
    void hasTheSizeOfWhoeverLooksAlsoWhenThatChanges() throws Exception {
        try (Place place = Place.of(folder);
                Operator operator = operator(place, "xterm-256color", new Size(101, 33))) {
            // in one process group, which is told: an interactive shell is not while another program runs
            operator.type("stty size; echo $TERM; sh -c 'trap \"echo changed to \\$(stty size)\" WINCH;"
                    + " while :; do sleep 0.1; done'\n");
            operator.sees("33 101\r\nxterm-256color\r\n");
            operator.resize(132, 50);
            operator.sees("changed to 50 132");
            operator.type("\u0003");
            operator.type("exit 3\n");
            assertEquals(3, operator.exitCode());
        }
    }

    @Test
    void runsAnEditorOnTheWholeScreen() throws Exception {
        Needs.programs("vi");
        Path file = folder.resolve("poem");
        try (Place place = Place.of(folder);
                Operator operator = operator(place, "xterm", new Size(80, 24))) {
            operator.type("vi -u NONE " + file + " || vi " + file + "\n");
            operator.sees("\u001b[");
            operator.sees("~");
            operator.type("iÜber allen Gipfeln ✓\u001b:wq\r");
            await().until(() -> Files.exists(file) && Files.readString(file).equals("Über allen Gipfeln ✓\n"));
            operator.type("exit\n");
            assertEquals(0, operator.exitCode());
        }
    }

    @Test
    void showsWhatChangesAllTheTime() throws Exception {
        Needs.programs("top");
        try (Place place = Place.of(folder);
                Operator operator = operator(place, "xterm", new Size(80, 24))) {
            operator.type("top -d 1\n");
            operator.sees("PID");
            operator.resize(60, 12);
            operator.type("q");
            await().until(() -> SshDoorTest.children("top -d 1") == 0);
            operator.type("until stty size | grep '^12 60'; do sleep 0.1; done\n");
            operator.sees("\n12 60\r\n");
        }
    }

    @Test
    void keepsWithinItsBoundsWhenNobodyTakesWhatItShowsAndStillHearsCtrlC() throws Exception {
        try (Place place = Place.of(folder);
                Operator operator = operator(place, "xterm", new Size(80, 24))) {
            operator.sees("$ ");
            operator.lookAway();
            operator.type("yes 0123456789012345678901234567890123456789\n");
            String yes = "yes 0123456789012345678901234567890123456789";
            await().until(() -> SshDoorTest.children(yes) == 1);
            Terminal terminal = place.terminals.all().get(0);
            await().during(1, TimeUnit.SECONDS)
                    .atMost(30, TimeUnit.SECONDS)
                    .until(() -> terminal.told().get("sent"), new Still());
            // what is between is the window of the one who looks, and what the sockets hold
            assertTrue(
                    (long) terminal.told().get("sent") < 8 << 20,
                    terminal.told().toString());
            operator.type("\u0003");
            await().until(() -> SshDoorTest.children(yes) == 0);
            operator.lookAgain();
            operator.type("echo still-$((40+2))-here\n");
            operator.sees("still-42-here");
        }
    }

    @Test
    void takesALongPasteWhole() throws Exception {
        Path file = folder.resolve("pasted");
        try (Place place = Place.of(folder);
                Operator operator = operator(place, "xterm", new Size(80, 24))) {
            operator.type("stty -echo; cat > " + file + "; echo pasted-$((40+2))\n");
            String line = "0123456789".repeat(10) + "\n";
            for (int at = 0; at < 3000; at++) {
                operator.type(line);
            }
            operator.type("\u0004");
            operator.sees("pasted-42");
            assertEquals(3000L * line.length(), Files.size(file));
        }
    }

    @Test
    void endsWhenItsTimeIsOverWhateverRuns() throws Exception {
        try (Place place = Place.of(folder)) {
            Path key = place.key("operator");
            try (Operator operator =
                    new Operator(place.opened(key, Map.of("ttl", "PT2S")), key, "xterm", new Size(80, 24))) {
                operator.type("trap '' HUP; sleep 2021; yes\n");
                assertEquals(255, operator.exitCode());
                assertTrue(operator.seen().contains("the terminal was closed: ttl"), operator.seen());
                assertEquals("ttl", place.closed().get("reason"));
                assertEquals(0, SshDoorTest.children("sleep 2021"));
            }
        }
    }

    @Test
    void endsWhenNothingMoves() throws Exception {
        try (Place place = new Place(folder, limited(Duration.ofSeconds(2), LONG))) {
            Path key = place.key("operator");
            try (Operator operator = new Operator(place.opened(key, Map.of()), key, "xterm", new Size(80, 24))) {
                operator.sees("$ ");
                assertEquals("idle", place.closed().get("reason"));
            }
        }
    }

    @Test
    void endsWhenNobodyComes() throws Exception {
        try (Place place = new Place(folder, limited(LONG, Duration.ofSeconds(1)))) {
            place.opened(place.key("operator"), Map.of());
            assertEquals("unused", place.closed().get("reason"));
            assertEquals(List.of("opened", "closed"), place.events.states());
            assertEquals(List.of(), place.targets);
            await().until(() -> Place.threads().isEmpty());
        }
    }

    @Test
    void endsWithTheBundle() throws Exception {
        Place place = Place.of(folder);
        try (Operator operator = operator(place, "xterm", new Size(80, 24))) {
            operator.type("sleep 2031\n");
            await().until(() -> SshDoorTest.children("sleep 2031") == 1);
            place.close();
            assertEquals(0, SshDoorTest.children("sleep 2031"));
            assertEquals("stopped", place.closed().get("reason"));
            Outcome.Refused late = (Outcome.Refused) place.asked(Map.of("key", Place.line(folder.resolve("operator"))));
            assertEquals("unavailable", late.problem().type());
        }
        await().until(() -> Place.threads().isEmpty());
    }

    @Test
    void isAnotherUsersWhereThatIsConfigured() throws Exception {
        Needs.root();
        Needs.programs("su");
        Login login = new Login(List.of("/bin/sh", "-i"), "nobody", Map.of("PS1", "$ ", "COLOR", "a 'quoted' one"));
        Settings settings = new Settings(true, true, login, Place.LIMITS, Optional.empty());
        try (Place place = new Place(folder, settings)) {
            Path key = place.key("operator");
            Map<String, ?> opened = place.opened(key, Map.of());
            assertEquals("nobody", opened.get("user"));
            try (Operator operator = new Operator(opened, key, "xterm", new Size(90, 30))) {
                operator.type("id -un; echo \"<$COLOR>\"; stty size; : > $(tty) && echo owned-$((40+2)); sleep 1000\n");
                operator.sees("nobody\r\n<a 'quoted' one>\r\n30 90\r\nowned-42");
                operator.type("\u0003");
                operator.type("(setsid sleep 2041 &); exit 4\n");
                assertEquals(4, operator.exitCode());
            }
            place.closed();
            assertEquals(0, SshDoorTest.children("sleep 2041"));
        }
    }

    @Test
    void hasNothingOfTheGatewaysEnvironment() throws Exception {
        try (Place place = Place.of(folder);
                Operator operator = operator(place, "xterm; reboot", new Size(80, 24))) {
            operator.sees("$ ");
            operator.type("env | sed 's/=.*//' | sort | tr '\\n' ' '; echo $TERM\n");
            operator.sees("\nENV GATEHOUSE_TERMINAL HOME LANG LOGNAME PATH PS1 PWD SHELL TERM USER dumb\r\n");
        }
    }

    @Test
    void recordsWhatIsShownAndNotWhatIsTyped() throws Exception {
        try (Place place = recording(1 << 20);
                Operator operator = operator(place, "xterm", new Size(80, 24))) {
            operator.sees("$ ");
            operator.type("printf 'gr\\303'; sleep 1; printf '\\274\\303\\237e ✓\\n'\n");
            operator.sees("grüße ✓");
            operator.resize(100, 40);
            operator.type("stty -echo; echo silent-$((40+2)); read secret; stty echo; until stty size | grep '^40 100';"
                    + " do sleep 0.1; done\n");
            operator.sees("silent-42");
            operator.type("sesame\n");
            operator.sees("\n40 100\r\n");
            operator.type("exit\n");
            operator.exitCode();
            Map<?, ?> kept = (Map<?, ?>) place.closed().get("recording");
            Path file = folder.resolve("kept").resolve((String) kept.get("sha256"));
            assertEquals(Files.size(file), kept.get("size"));
            assertEquals(Sha256.of(file).hex(), kept.get("sha256"));
            List<String> lines = Files.readAllLines(file);
            Members header = Json.read(lines.get(0).getBytes(StandardCharsets.UTF_8));
            assertEquals(2, header.integer("version", 0, 9));
            assertEquals(80, header.integer("width", 0, 999));
            assertEquals("xterm", header.object("env").string("TERM"));
            StringBuilder shown = new StringBuilder();
            double last = 0;
            for (String line : lines.subList(1, lines.size())) {
                List<?> event = (List<?>) Json.read(("{\"e\":" + line + "}").getBytes(StandardCharsets.UTF_8))
                        .values()
                        .get("e");
                double at = ((Number) event.get(0)).doubleValue();
                assertTrue(at >= last, line);
                last = at;
                shown.append(event.get(1).equals("o") ? event.get(2) : "<" + event.get(1) + event.get(2) + ">");
            }
            assertTrue(shown.toString().contains("grüße ✓\r\n"), shown.toString());
            assertTrue(shown.toString().contains("<r100x40>"), shown.toString());
            assertFalse(shown.toString().contains("sesame"), shown.toString());
        }
    }

    @Test
    void recordsNoMoreThanItMayAndSaysSo() throws Exception {
        try (Place place = recording(4096);
                Operator operator = operator(place, "xterm", new Size(80, 24))) {
            operator.type("seq 1 5000; exit\n");
            assertEquals(0, operator.exitCode());
            Map<?, ?> kept = (Map<?, ?>) place.closed().get("recording");
            assertEquals(true, kept.get("truncated"));
            Path file = folder.resolve("kept").resolve((String) kept.get("sha256"));
            assertTrue(Files.size(file) <= 4096);
            List<String> lines = Files.readAllLines(file);
            assertTrue(lines.get(lines.size() - 1).endsWith(",\"m\",\"truncated: a recording may have 4096 bytes\"]"));
        }
    }

    @Test
    void startsNothingThatItCannotRecord() throws Exception {
        Settings settings =
                new Settings(true, true, Place.login(), Place.LIMITS, Optional.of(new Settings.Recorded(4096, LONG)));
        try (Place place = new Place(folder, settings)) {
            Path key = place.key("operator");
            Outcome.Refused refused = (Outcome.Refused) place.asked(Map.of("key", Place.line(key)));
            assertEquals("unavailable", refused.problem().type());
            place.terminals.artifacts = new Kept(folder.resolve("nowhere"), 1 << 20);
            try (Operator operator = new Operator(place.opened(key, Map.of()), key, "xterm", new Size(80, 24))) {
                assertEquals(255, operator.exitCode());
            }
            assertEquals("not-started", place.closed().get("reason"));
            assertTrue(String.valueOf(place.closed().get("detail")).contains("nowhere"));
        }
    }

    @Test
    void isAttestedByTheDevicesKey() throws Exception {
        Path store = folder.resolve("device.p12");
        Place.run(
                "keytool",
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-alias",
                "device",
                "-dname",
                "CN=dwr/311-a1/00-11-22-33-44-55",
                "-keystore",
                store.toString(),
                "-storepass",
                "secret");
        KeyStore keys = KeyStore.getInstance(store.toFile(), "secret".toCharArray());
        X509Certificate certificate = (X509Certificate) keys.getCertificate("device");
        PrivateKey own = (PrivateKey) keys.getKey("device", "secret".toCharArray());
        try (Place place = Place.of(folder)) {
            place.terminals.attester = (purpose, statement) -> {
                try {
                    Signature signature = Signature.getInstance("SHA256withECDSA");
                    signature.initSign(own);
                    signature.update(("gatehouse " + purpose + "\0").getBytes(StandardCharsets.UTF_8));
                    signature.update(statement);
                    return new Attester.Attestation(List.of(certificate), signature.sign());
                } catch (java.security.GeneralSecurityException e) {
                    throw new AssertionError(e);
                }
            };
            Path key = place.key("operator");
            Map<String, ?> opened = place.opened(key, Map.of());
            Map<?, ?> attestation = (Map<?, ?>) opened.get("attestation");
            byte[] shown = Pem.read(Pem.CERTIFICATE, (String) attestation.get("certificate"))
                    .get(0);
            Signature verifier = Signature.getInstance("SHA256withECDSA");
            try (InputStream in = new ByteArrayInputStream(shown)) {
                verifier.initVerify(CertificateFactory.getInstance("X.509").generateCertificate(in));
            }
            String signed = "gatehouse terminal\0dwr/311-a1/00-11-22-33-44-55\n" + Asked.ID + "\n" + Place.line(key)
                    + "\n" + opened.get("hostKey") + "\n";
            verifier.update(signed.getBytes(StandardCharsets.UTF_8));
            assertTrue(verifier.verify(
                    Base64Url.decode((String) attestation.get("signature")).orElseThrow()));
        }
    }

    @Test
    void isListedWhileItIsOpenAndThereAreNoMoreThanPermitted() throws Exception {
        try (Place place = Place.of(folder)) {
            Path key = place.key("operator");
            Map<String, ?> opened = place.opened(key, Map.of("ttl", "PT30M"));
            Outcome.Done listed = (Outcome.Done) new TerminalList(place.terminals).handle(Asked.with(Map.of()));
            Map<?, ?> one = (Map<?, ?>) ((List<?>) listed.result().get("terminals")).get(0);
            assertEquals(opened.get("id"), one.get("id"));
            assertEquals(opened.get("port"), one.get("port"));
            assertEquals("waiting", one.get("state"));
            assertEquals(Asked.KID, one.get("by"));
            assertEquals(opened.get("until"), one.get("until"));
            place.opened(key, Map.of());
            Outcome.Refused third = (Outcome.Refused) place.asked(Map.of("key", Place.line(key)));
            assertEquals("too-many", third.problem().type());
            TerminalClose close = new TerminalClose(place.terminals);
            assertTrue(close.handle(Asked.with(Map.of("id", opened.get("id")))) instanceof Outcome.Done);
            Outcome.Refused again = (Outcome.Refused) close.handle(Asked.with(Map.of("id", opened.get("id"))));
            assertEquals("unknown-terminal", again.problem().type());
            place.opened(key, Map.of());
        }
    }

    @Test
    void isNotThereWhereItsDoorCannotBeMade() throws Exception {
        try (Place place = Place.of(folder)) {
            String key = Place.line(place.key("operator"));
            TerminalOpen open = new TerminalOpen(place.terminals, target -> {
                throw new IllegalStateException("the bundle is being stopped");
            });
            assertThrows(IllegalStateException.class, () -> open.handle(Asked.with(Map.of("key", key))));
            assertEquals(List.of(), place.terminals.all());
            assertEquals(List.of(), place.events.bodies);
            await().until(() -> Place.threads().isEmpty());
        }
    }

    @Test
    void isRefusedUnlessItIsPermitted() throws Exception {
        Settings none = new Settings(false, true, Place.login(), Place.LIMITS, Optional.empty());
        try (Place place = new Place(folder, none)) {
            Outcome.Refused refused = (Outcome.Refused) place.asked(Map.of("key", Place.line(place.key("operator"))));
            assertEquals("not-permitted", refused.problem().type());
            assertTrue(refused.problem().detail().endsWith("configuration io.gatehouse.terminal: permitted"));
        }
    }

    @Test
    void isRefusedWithARemedyWhereAProgramIsMissing() throws Exception {
        Settings settings = Place.settings(Place.LIMITS);
        Path bin = Files.createDirectory(folder.resolve("bin"));
        try (Place place = new Place(folder, settings, new Tools(List.of(bin)))) {
            String key = Place.line(place.key("operator"));
            Outcome.Refused script = (Outcome.Refused) place.asked(Map.of("key", key));
            assertEquals("unavailable", script.problem().type());
            assertTrue(script.problem().detail().contains("no program script"), script.toString());
            assertTrue(script.problem().detail().contains("install util-linux"), script.toString());
            Files.createSymbolicLink(
                    bin.resolve("script"), Tools.ofThisMachine().find("script").orElseThrow());
            Outcome.Refused stty = (Outcome.Refused) place.asked(Map.of("key", key));
            assertTrue(stty.problem().detail().contains("no program stty"), stty.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQ",
                "ssh-ed25519 AAAA",
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ\nx",
                "command=\"x\" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGq1zBOmRrTVrGVoJkrDwgLyvT4UXBHwjZzNYGmGYAUW",
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGq1zBOmRrTVrGVoJkrDwgLyvT4UXBHwjZzNYGmGYAUW a\nb",
                "ssh-ed25519 BAAAC3NzaC1lZDI1NTE5AAAAIGq1zBOmRrTVrGVoJkrDwgLyvT4UXBHwjZzNYGmGYAUW"
            })
    void namesAKeyThatWillNotDo(String key) {
        try (Place place = Place.of(folder)) {
            BadArgument e = assertThrows(BadArgument.class, () -> place.asked(Map.of("key", key)));
            assertTrue(e.getMessage().startsWith("key must be an Ed25519 key"), e.getMessage());
            assertEquals(List.of(), place.events.bodies);
        }
    }

    @Test
    void namesAModeAndATimeThatWillNotDo() throws Exception {
        try (Place place = Place.of(folder)) {
            String key = Place.line(place.key("operator"));
            BadArgument mode = assertThrows(BadArgument.class, () -> place.asked(Map.of("key", key, "mode", "root")));
            assertEquals("mode must be shell or gogo: root", mode.getMessage());
            BadArgument ttl = assertThrows(BadArgument.class, () -> place.asked(Map.of("key", key, "ttl", "PT9H")));
            assertEquals("ttl must be longer than nothing, and at most PT8H: PT9H", ttl.getMessage());
            assertThrows(BadArgument.class, () -> place.asked(Map.of("key", key, "ttl", "-PT1S")));
        }
    }

    private Place recording(long limit) throws java.io.IOException {
        Settings settings =
                new Settings(true, true, Place.login(), Place.LIMITS, Optional.of(new Settings.Recorded(limit, LONG)));
        Place place = new Place(folder, settings);
        place.terminals.artifacts = new Kept(Files.createDirectories(folder.resolve("kept")), 1 << 22);
        return place;
    }

    private static Operator operator(Place place, String term, Size size) throws Exception {
        Path key = place.key("operator");
        return new Operator(place.opened(key, Map.of()), key, term, size);
    }

    private static Settings limited(Duration idle, Duration unused) {
        return Place.settings(new Limits(2, LONG, LONG, idle, unused));
    }

    /** That a number is the one that it was. */
    private static final class Still implements java.util.function.Predicate<Object> {
        private Object last = -1;

        @Override
        public boolean test(Object now) {
            boolean isStill = now.equals(last);
            last = now;
            return isStill;
        }
    }
}
