package io.gatehouse.identity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceKeyTest {
    private static final Path OPENSSL = Path.of("/usr/bin/openssl");

    private final DeviceKey key = DeviceKey.generate();

    /** Lengths of DER have one, two or three bytes. */
    @ParameterizedTest
    @ValueSource(ints = {1, 40, 64})
    void asksForACertificateInAFormThatOthersRead(int level) throws Exception {
        String name = "f".repeat(level) + "/" + "m".repeat(level) + "/" + "i".repeat(level);
        PKCS10CertificationRequest read = new PKCS10CertificationRequest(key.signingRequest(name));
        assertEquals(
                name,
                IETFUtils.valueToString(
                        read.getSubject().getRDNs(BCStyle.CN)[0].getFirst().getValue()));
        assertArrayEquals(
                key.publicKey().getEncoded(), read.getSubjectPublicKeyInfo().getEncoded());
        assertTrue(read.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key.publicKey())));
        assertArrayEquals(read.toASN1Structure().getEncoded("DER"), read.getEncoded());
    }

    @Test
    void asksForACertificateInAFormThatOpensslVerifies(@TempDir Path folder) throws Exception {
        assumeTrue(Files.isExecutable(OPENSSL), "skipped: there is no " + OPENSSL);
        Path file = Files.write(folder.resolve("request.der"), key.signingRequest("dwr/311-a1/7"));
        Process openssl = new ProcessBuilder(
                        OPENSSL.toString(),
                        "req",
                        "-inform",
                        "DER",
                        "-in",
                        file.toString(),
                        "-verify",
                        "-noout",
                        "-subject")
                .redirectErrorStream(true)
                .start();
        String said = new String(openssl.getInputStream().readAllBytes());
        assertEquals(0, openssl.waitFor(), said);
        assertTrue(said.contains("verify OK") && said.contains("CN = dwr/311-a1/7"), said);
    }

    @Test
    void refusesTwoKeysThatAreNoPair() {
        DeviceKey other = DeviceKey.generate();
        assertThrows(GeneralSecurityException.class, () -> new DeviceKey(key.privateKey(), other.publicKey()));
    }
}
