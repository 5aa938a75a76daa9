package io.gatehouse.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.KeyFile;
import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.fleet.TrustEdit;
import io.gatehouse.cli.fleet.TrustFile;
import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.Topic;
import io.gatehouse.protocol.license.Finding;
import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.license.Limits;
import io.gatehouse.protocol.license.Term;
import io.gatehouse.protocol.license.Verifier;
import io.gatehouse.protocol.trust.Admission;
import io.gatehouse.protocol.trust.ClockFloor;
import io.gatehouse.protocol.trust.Jws;
import io.gatehouse.protocol.trust.Jwt;
import io.gatehouse.protocol.trust.SignedMessage;
import io.gatehouse.protocol.trust.SigningKey;
import io.gatehouse.protocol.trust.Trust;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DemoKeysTest {
    private static final String DEVICE = "dwr/311-a1/00-00-00-00-00-01";

    private final Clock clock = Clock.systemUTC();

    @TempDir
    private Path folder;

    @Test
    void makesADeviceTakeWhatTheOperatorSignsForItsNameAndItsPlace() throws Trouble, IOException {
        DemoKeys keys = DemoKeys.in(folder);
        Trust trust = accepted(
                new Trust(keys.root(), Optional.empty()), keys.trust(DEVICE, Optional.of("world/asia"), clock));
        Signer operator = new Signer(List.of(KeyFile.read(keys.operatorFile())), clock);
        for (String scope : List.of(DEVICE, "dwr", "world/asia", "world")) {
            Message wish = Message.json(scope + "/desired/feature/a", "{}".getBytes(StandardCharsets.UTF_8));
            assertInstanceOf(Admission.Accepted.class, admit(trust, operator.sign(wish)), scope);
        }
    }

    @Test
    void keepsKeysAndVersionFromRunToRun() throws Trouble, IOException {
        DemoKeys first = DemoKeys.in(folder);
        Trust trust = accepted(new Trust(first.root(), Optional.empty()), first.trust(DEVICE, Optional.empty(), clock));
        DemoKeys second = DemoKeys.in(folder);
        assertEquals(first.root(), second.root());
        assertInstanceOf(Admission.Same.class, admit(trust, second.trust(DEVICE, Optional.empty(), clock)));
    }

    @Test
    void raisesTheVersionForADeviceElsewhere() throws Trouble, IOException {
        DemoKeys keys = DemoKeys.in(folder);
        Trust trust = accepted(new Trust(keys.root(), Optional.empty()), keys.trust(DEVICE, Optional.empty(), clock));
        Trust moved = accepted(trust, keys.trust(DEVICE, Optional.of("world/asia"), clock));
        assertEquals(2, moved.document().orElseThrow().version());
    }

    @Test
    void publishesWhatTheUserMadeOfTheDocument() throws Trouble, IOException {
        DemoKeys keys = DemoKeys.in(folder);
        Trust trust = accepted(new Trust(keys.root(), Optional.empty()), keys.trust(DEVICE, Optional.empty(), clock));
        Path file = folder.resolve("trust.json");
        String operator = KeyFile.read(keys.operatorFile()).kid();
        TrustFile.write(
                file, new TrustEdit(TrustFile.read(file)).retire(operator).next());
        Trust next = accepted(trust, keys.trust(DEVICE, Optional.empty(), clock));
        assertTrue(next.document().orElseThrow().key(operator).orElseThrow().retired());
    }

    @Test
    void makesADeviceBelieveTheLicensesThatItIssues() throws Exception {
        DemoKeys keys = DemoKeys.in(folder);
        Trust trust = accepted(new Trust(keys.root(), Optional.empty()), keys.trust(DEVICE, Optional.empty(), clock));
        SigningKey key = KeyFile.read(folder.resolve("license.key"));
        License license = new License(
                new License.Id("demo", "1"),
                new Scope("dwr"),
                clock.instant(),
                1,
                new TreeMap<>(Map.of("com.acme.rain", Limits.NONE)),
                Term.PERPETUAL,
                Optional.empty());
        assertInstanceOf(
                Finding.Believed.class,
                new Verifier(trust.document()).license(Jwt.sign(key, License.TYPE, license.write())));
    }

    @Test
    void letsNobodyElseReadTheKeys() throws Trouble, IOException {
        DemoKeys keys = DemoKeys.in(folder);
        for (Path file : List.of(keys.operatorFile(), folder.resolve("root.key"), folder.resolve("license.key"))) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        }
    }

    private Trust accepted(Trust trust, Message message) {
        Admission admission = admit(trust, message);
        Admission.Accepted accepted = assertInstanceOf(Admission.Accepted.class, admission, admission.toString());
        return new Trust(trust.root(), accepted.trust());
    }

    private Admission admit(Trust trust, Message message) {
        SignedMessage signed = new SignedMessage(
                Topic.parse(message.topic()).orElseThrow(),
                message.payload(),
                message.properties().all(Jws.PROPERTY),
                Optional.empty(),
                Optional.empty());
        return trust.admit(signed, new ClockFloor(Instant.EPOCH).time(clock), Optional.empty());
    }
}
