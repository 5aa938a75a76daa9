package io.gatehouse.cli.license;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.protocol.trust.Jwk;
import io.gatehouse.protocol.trust.Jwt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys on a token, which is a real one but for its being made of software. */
final class Pkcs11KeyTest {
    private static final Path MODULE = Path.of("/usr/lib/softhsm/libsofthsm2.so");
    private static final Map<String, String> PIN = Map.of(Pkcs11Key.PIN, "4711");
    private static final Jwt.Type TEST = new Jwt.Type("test+jwt", 8192);

    @TempDir
    private Path folder;

    private Pkcs11Tool tool;

    /** The tool finds the token by its configuration, which whoever runs it has in the environment. */
    @BeforeEach
    void thereIsAToken() throws IOException, InterruptedException {
        assumeTrue(isInstalled("pkcs11-tool"), "pkcs11-tool is missing: apt-get install opensc");
        assumeTrue(isInstalled("softhsm2-util"), "softhsm2-util is missing: apt-get install softhsm2");
        assumeTrue(Files.exists(MODULE), MODULE + " is missing: apt-get install softhsm2");
        Path configuration = folder.resolve("softhsm2.conf");
        Files.createDirectory(folder.resolve("tokens"));
        Files.writeString(
                configuration, "directories.tokendir = " + folder.resolve("tokens") + "\nlog.level = ERROR\n");
        Path script = folder.resolve("tool");
        Files.writeString(
                script,
                "#!/bin/sh\nexport SOFTHSM2_CONF=" + configuration + "\nexec \"${PROGRAM:-pkcs11-tool}\" \"$@\"\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        tool = new Pkcs11Tool(script.toString());
        run("softhsm2-util", "--init-token", "--free", "--label", "vault", "--so-pin", "12345678", "--pin", "4711");
        make("first", "01", "EC:edwards25519");
        make("acme", "02", "EC:edwards25519");
        make("other-curve", "03", "EC:prime256v1");
    }

    @Test
    void signsByTheKeyThatIsNamed() throws Trouble, IOException {
        Pkcs11Key key = Pkcs11Key.open(tool, uri("acme"), PIN);
        String token = Jwt.sign(key, TEST, Map.of("a", 1));
        Jwt read = Jwt.read(token, TEST);
        assertTrue(read.isSignedBy(key.jwk()));
        Jwk first = Pkcs11Key.open(tool, uri("first"), PIN).jwk();
        assertFalse(read.isSignedBy(first));
    }

    @Test
    void takesThePinFromAFileOfItsOwner() throws Trouble, IOException {
        Path pin = Files.writeString(folder.resolve("pin"), "4711\n");
        Files.setPosixFilePermissions(pin, PosixFilePermissions.fromString("rw-------"));
        Pkcs11Uri uri = new Pkcs11Uri(MODULE, "vault", "acme", Optional.of(pin));
        Pkcs11Key key = Pkcs11Key.open(tool, uri, Map.of());
        assertTrue(Jwt.read(Jwt.sign(key, TEST, Map.of()), TEST).isSignedBy(key.jwk()));
        Files.setPosixFilePermissions(pin, PosixFilePermissions.fromString("rw-r-----"));
        Trouble open = assertThrows(Trouble.class, () -> Pkcs11Key.open(tool, uri, Map.of()));
        assertTrue(open.getMessage().contains("chmod 600 " + pin), open.getMessage());
    }

    @Test
    void leavesNothingBehindAndThePinOutOfItsChildsArguments() throws Trouble, IOException {
        Path seen = folder.resolve("seen");
        Path spy = folder.resolve("spy");
        Files.writeString(spy, "#!/bin/sh\necho \"$@\" >>" + seen + "\nexec " + tool.program() + " \"$@\"\n");
        Files.setPosixFilePermissions(spy, PosixFilePermissions.fromString("rwx------"));
        Pkcs11Key key = Pkcs11Key.open(new Pkcs11Tool(spy.toString()), uri("acme"), PIN);
        key.sign(new byte[] {1});
        String arguments = Files.readString(seen);
        assertTrue(arguments.contains("--pin env:" + Pkcs11Key.PIN) && !arguments.contains("4711"), arguments);
        for (String argument : arguments.split("\\s+")) {
            assertTrue(!argument.startsWith("/tmp/gatehouse") || Files.notExists(Path.of(argument)), argument);
        }
    }

    @Test
    void saysWhatIsMissing() {
        refused(
                "no such PKCS #11 library: /none.so",
                new Pkcs11Uri(Path.of("/none.so"), "a", "b", Optional.empty()),
                PIN);
        refused("which PIN has the token vault?", uri("acme"), Map.of());
        refused("cannot find the key none on the token vault", uri("none"), PIN);
        refused("No slot with token named \"cellar\"", new Pkcs11Uri(MODULE, "cellar", "acme", Optional.empty()), PIN);
        refused("other-curve on the token vault is no Ed25519 key", uri("other-curve"), PIN);
        Trouble noTool = assertThrows(
                Trouble.class, () -> Pkcs11Key.open(new Pkcs11Tool("/none/pkcs11-tool"), uri("acme"), PIN));
        assertTrue(noTool.getMessage().contains("it comes with OpenSC (apt-get install opensc)"), noTool.getMessage());
    }

    @Test
    void saysWhenThePinIsWrong() throws Trouble {
        Pkcs11Key key = Pkcs11Key.open(tool, uri("acme"), Map.of(Pkcs11Key.PIN, "1234"));
        IOException wrong = assertThrows(IOException.class, () -> key.sign(new byte[1]));
        assertTrue(wrong.getMessage().contains("CKR_PIN_INCORRECT"), wrong.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "file:acme.key?pin-value=4711 | that is no PKCS #11 URI; write it as",
                "PKCS11:token=a;object=b?module-path=/x&pin-value=4711 | a PIN in a command line can be seen by others",
                "pkcs11:token=a;object=b?module-path=/x&PIN-VALUE=4711 | a PIN in a command line can be seen by others",
                "pkcs11:token=a;4711 | a part of the PKCS #11 URI has no name",
                "pkcs11:token=a?pin-source=4711%00 | has no module-path",
                "pkcs11:token=a;object=b?module-path=/x&pin-source=4711%00 | the pin-source of the PKCS #11 URI is no file's name",
                "pkcs11:token=a;object=b | has no module-path",
                "pkcs11:object=b?module-path=/x | has no token",
                "pkcs11:token=a?module-path=/x | has no object",
                "pkcs11:token=a;object=b;colour=red | not understood in a PKCS #11 URI: colour",
                "pkcs11:token=a;object=b?module-path=/x&pin-value=4711 | a PIN in a command line can be seen by others",
                "pkcs11:token=4711%zz | a percent sign in the token of the PKCS #11 URI has no two hex digits",
            })
    void refusesAUriThatNamesNoKey(String uri, String why) {
        Trouble refused = assertThrows(Trouble.class, () -> Pkcs11Uri.parse(uri));
        assertTrue(refused.getMessage().contains(why), refused.getMessage());
        assertTrue(!refused.getMessage().contains("4711"), refused.getMessage());
    }

    @Test
    void readsAUri() throws Trouble {
        assertEquals(
                new Pkcs11Uri(Path.of("/x/y.so"), "my vault", "a+b", Optional.of(Path.of("/run/pin"))),
                Pkcs11Uri.parse(
                        "Pkcs11:token=my%20vault;object=a+b;type=private?module-path=/x/y.so&pin-source=file:/run/pin"));
    }

    private void refused(String why, Pkcs11Uri uri, Map<String, String> environment) {
        Trouble refused = assertThrows(Trouble.class, () -> Pkcs11Key.open(tool, uri, environment));
        assertTrue(refused.getMessage().contains(why), refused.getMessage());
    }

    private static Pkcs11Uri uri(String object) {
        return new Pkcs11Uri(MODULE, "vault", object, Optional.empty());
    }

    private void make(String label, String id, String type) throws IOException, InterruptedException {
        String module = MODULE.toString();
        run(
                "pkcs11-tool",
                "--module",
                module,
                "--token-label",
                "vault",
                "--login",
                "--pin",
                "4711",
                "--keypairgen",
                "--key-type",
                type,
                "--label",
                label,
                "--id",
                id);
    }

    private void run(String program, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(tool.program()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(new HashMap<>(Map.of("PROGRAM", program)));
        Process process =
                builder.redirectOutput(folder.resolve("said").toFile()).start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), Files.readString(folder.resolve("said")));
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(":")).anyMatch(path -> Files.isExecutable(Path.of(path, program)));
    }
}
