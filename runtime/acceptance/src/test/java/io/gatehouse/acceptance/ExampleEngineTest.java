package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Firmware;
import io.gatehouse.protocol.Rollout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code examples/installer} in a gateway as it is shipped, on a machine of which there is no more than what it touches. */
final class ExampleEngineTest {
    private static final String DEVICE = "dwr/311-a1/engine";
    private static final String FIRMWARE = DEVICE + "/desired/firmware";
    private static final String COMPATIBLE = "example-gw";
    private static final String NEXT = "the system that comes next";

    @TempDir
    Path folder;

    @Test
    void writesFirmwareToTheOtherSlotAndHasItTried() throws Exception {
        KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Map<String, Map<String, Object>> settings = machine(keys);
        try (Artemis broker = new Artemis(Files.createDirectories(folder.resolve("broker")))) {
            broker.start();
            try (GatewayProcess gateway = GatewayProcess.start(broker.uri(), DEVICE, folder.resolve("state"));
                    Operator operator = Operator.at(broker.uri())) {
                operator.publish(DEVICE + "/desired/trust", Fleet.trust(), true);
                Path engine = JarPath.ofTests().jar("com.example.installer");
                String digest =
                        operator.desire(DEVICE, "engine", operator.feature("com.example:engine:1", settings, engine));
                Members report = operator.ended(DEVICE, DEVICE + "/desired/feature/engine", digest);
                assertEquals("applied", report.string("state"), () -> report.values() + gateway.log());

                KeyPair other = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
                String forged = want(operator, 1, image("forged.image", other));
                Members refused = operator.ended(DEVICE, FIRMWARE, forged);
                assertEquals("refused", refused.string("state"), () -> refused.values() + gateway.log());
                assertEquals("bad-signature", refused.object("problem").string("type"));
                assertEquals("two-slots", refused.string("engine"));

                want(operator, 2, image("next.image", keys));
                Awaitility.await("the machine's restart: " + gateway.log())
                        .until(() -> Files.exists(folder.resolve("restarted")));
                assertEquals("slot=a trial=b tries=3\n", Files.readString(folder.resolve("boot/boot.env")));
                assertEquals(NEXT, Files.readString(folder.resolve("boot/slot-b")));
            }
        }
    }

    /** One that runs slot a, and whose restart only leaves a file. */
    private Map<String, Map<String, Object>> machine(KeyPair keys) throws IOException {
        Path boot = Files.createDirectories(folder.resolve("boot"));
        Files.writeString(boot.resolve("boot.env"), "slot=a\n");
        Files.writeString(boot.resolve("slot-a"), "the system that runs");
        Path commandLine = Files.writeString(folder.resolve("cmdline"), "root=/dev/mapper/root firmware.slot=a\n");
        String pem = Base64.getMimeEncoder().encodeToString(keys.getPublic().getEncoded());
        Path key = Files.writeString(
                folder.resolve("firmware.pem"), "-----BEGIN PUBLIC KEY-----\n" + pem + "\n-----END PUBLIC KEY-----\n");
        return Map.of(
                "com.example.installer",
                Map.of(
                        "folder",
                        boot.toString(),
                        "commandLine",
                        commandLine.toString(),
                        "compatible",
                        COMPATIBLE,
                        "key",
                        key.toString()),
                "io.gatehouse.firmware",
                Map.of(
                        "spread",
                        "PT0S",
                        "rebootCommand",
                        List.of("/usr/bin/touch", folder.resolve("restarted").toString())));
    }

    private Path image(String name, KeyPair keys) throws IOException, GeneralSecurityException {
        byte[] content = NEXT.getBytes(StandardCharsets.US_ASCII);
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
        String head = "firmware " + COMPATIBLE + " " + content.length + " "
                + HexFormat.of().formatHex(digest);
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(keys.getPrivate());
        signature.update(head.getBytes(StandardCharsets.US_ASCII));
        String signed = Base64.getEncoder().encodeToString(signature.sign());
        return Files.writeString(folder.resolve(name), head + "\n" + signed + "\n" + NEXT);
    }

    private static String want(Operator operator, int sequence, Path image) {
        Firmware firmware = new Firmware(
                "V" + sequence, sequence, COMPATIBLE, operator.serve(image), false, false, Optional.empty());
        return operator.publish(FIRMWARE, new Envelope(Optional.of(firmware.write()), Rollout.ALL).write(), true);
    }
}
