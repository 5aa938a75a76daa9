package io.gatehouse.cli.ca;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.protocol.DeviceName;
import io.gatehouse.protocol.enrollment.ClaimAnswer;
import io.gatehouse.protocol.enrollment.ClaimRequest;
import io.gatehouse.protocol.enrollment.Token;
import io.gatehouse.protocol.trust.PrivateKeyFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whom a real mosquitto lets in by these lists. */
final class RevocationListTest {
    private static final String STOLEN = "dwr/311-a1/7";
    private static final String GOOD = "dwr/311-a1/8";

    @TempDir
    private Path folder;

    private Mosquitto mosquitto;
    private Path list;

    @BeforeEach
    void thereAreDevices() throws Exception {
        mosquitto = new Mosquitto(folder);
        list = folder.resolve("fleet.crl");
        claim("stolen", STOLEN);
        claim("good", GOOD);
    }

    @AfterEach
    void end() {
        if (mosquitto != null) {
            mosquitto.close();
        }
    }

    @Test
    @Timeout(60)
    void aReleasedCertificateIsRefusedAndTheNamesNextOneIsNot() throws Exception {
        start(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(-1)));
        assertTrue(mosquitto.letsIn("stolen"), mosquitto::log);
        new Tokens(mosquitto.authority()).release(STOLEN);
        RevocationList.of(mosquitto.authority(), 1).write(list);
        assertTrue(mosquitto.letsIn("stolen"), "it has not read the list");
        mosquitto.reload();
        await().until(() -> !mosquitto.letsIn("stolen"));
        assertTrue(mosquitto.log().contains("verify failed"), mosquitto::log);
        assertTrue(mosquitto.letsIn("good"), mosquitto::log);
        assertTrue(mosquitto.letsIn("anna"), mosquitto::log);
        claim("repaired", STOLEN);
        assertTrue(mosquitto.letsIn("repaired"), mosquitto::log);
    }

    @Test
    @Timeout(60)
    void aListThatIsOverShutsEverybodyOut() throws Exception {
        start(Clock.offset(Clock.systemUTC(), Duration.ofDays(-2)));
        assertFalse(mosquitto.letsIn("good"), mosquitto::log);
    }

    /** Starts the broker with a list for a day that is made by another clock. */
    private void start(Clock clock) throws Exception {
        RevocationList.of(Authority.open(folder.resolve("fleet"), clock), 1).write(list);
        mosquitto.start(
                List.of("topic readwrite #"),
                "cafile " + folder.resolve("fleet/ca.pem"),
                "crlfile " + list,
                "require_certificate true");
    }

    private void claim(String file, String device) throws Exception {
        Token token = new Tokens(mosquitto.authority())
                .grant(DeviceName.parse(device), Optional.empty(), "A".repeat(43), Duration.ofDays(1));
        KeyPair pair = Authority.generate();
        byte[] der = new JcaPKCS10CertificationRequestBuilder(Authority.named(device), pair.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))
                .getEncoded();
        ClaimAnswer answer = new ClaimDesk(mosquitto.authority(), Duration.ofDays(1))
                .claim(token.id(), new ClaimRequest(der, Optional.of(token.mac(der))).write());
        PrivateKeyFile.write(folder.resolve(file + ".key"), pair.getPrivate());
        Files.writeString(folder.resolve(file + ".pem"), ((ClaimAnswer.Issued) answer).certificate());
    }
}
