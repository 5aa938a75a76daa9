package io.gatehouse.terminal;

import io.gatehouse.api.device.Attester;
import io.gatehouse.protocol.Base64Url;
import io.gatehouse.protocol.Pem;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;

/** What the device signs of an answer: whose terminal this is, who asked for it when, and by which keys they know each other. */
record Attested(String device, String command, String askersKey, String devicesKey) {
    private static final String PURPOSE = "terminal";

    byte[] statement() {
        return String.join("", List.of(device, "\n", command, "\n", askersKey, "\n", devicesKey, "\n"))
                .getBytes(StandardCharsets.UTF_8);
    }

    /** As it is answered. */
    Map<String, Object> by(Attester attester) {
        Attester.Attestation attestation = attester.attest(PURPOSE, statement());
        StringBuilder chain = new StringBuilder();
        for (X509Certificate certificate : attestation.chain()) {
            try {
                chain.append(Pem.write(Pem.CERTIFICATE, certificate.getEncoded()));
            } catch (CertificateEncodingException e) {
                throw new IllegalStateException("a certificate that was read cannot be written: " + certificate, e);
            }
        }
        return Map.of("certificate", chain.toString(), "signature", Base64Url.encode(attestation.signature()));
    }
}
