package io.gatehouse.protocol.reach;

import io.gatehouse.api.command.Members;
import io.gatehouse.api.device.Attester;
import io.gatehouse.protocol.Base64Url;
import io.gatehouse.protocol.DeviceName;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a device attests when it opens a terminal: with this key I answer that asker's command.
 *
 * @param command its identity: its Correlation Data in base64url
 * @param askersKey as the command says it
 * @param devicesKey the {@code hostKey} or {@code key} of the answer
 */
public record TerminalStatement(DeviceName device, String command, String askersKey, String devicesKey) {
    /** The answer's member with the device's word for it. */
    public static final String MEMBER = "attestation";

    private static final String PURPOSE = "terminal";
    private static final String ALGORITHM = "SHA256withECDSA";

    /**
     * A statement.
     *
     * @throws IllegalArgumentException if a key is of more than one line: then one statement could be read as another; or if
     *     the command's identity is no base64url
     */
    public TerminalStatement {
        if (Base64Url.decode(command).isEmpty()) {
            throw new IllegalArgumentException("\"" + command + "\" is no command's identity in base64url");
        }
        for (String key : new String[] {askersKey, devicesKey}) {
            if (key.isEmpty() || key.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("a key is one line of text, not \"" + key + "\"");
            }
        }
    }

    /** The value of {@link #MEMBER}. */
    public Map<String, Object> attest(Attester attester) {
        Attester.Attestation attestation = attester.attest(PURPOSE, bytes());
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("certificate", new AttestedChain(attestation.chain()).write());
        members.put("signature", Base64Url.encode(attestation.signature()));
        return members;
    }

    /**
     * Checks that the device has said so.
     *
     * @param attestation the value of {@link #MEMBER}
     * @param authorities the fleet's; one of them vouches for the device
     * @param clock says at what time all certificates have to be valid
     * @throws CertificateException with what is wrong; then nothing of the answer is to be used
     * @throws io.gatehouse.api.command.BadArgument if a member is missing or of another type
     */
    public void check(Members attestation, Collection<X509Certificate> authorities, Clock clock)
            throws CertificateException {
        X509Certificate own =
                AttestedChain.read(attestation.string("certificate")).check(device, authorities, clock.instant());
        byte[] signature = Base64Url.decode(attestation.string("signature"))
                .orElseThrow(() -> new CertificateException("the attestation's signature is no base64url"));
        if (!isSigned(own.getPublicKey(), signature)) {
            throw new CertificateException("the attestation was not made for this answer by " + device
                    + ": something between here and the device has changed it");
        }
    }

    private boolean isSigned(PublicKey key, byte[] signed) throws CertificateException {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(key);
            signature.update(("gatehouse " + PURPOSE + "\0").getBytes(StandardCharsets.UTF_8));
            signature.update(bytes());
            return signature.verify(signed);
        } catch (InvalidKeyException e) {
            throw new CertificateException(device + " has a key that is none for ECDSA", e);
        } catch (GeneralSecurityException e) {
            return false; // how the JDK refuses what is no signature at all
        }
    }

    private byte[] bytes() {
        return (device + "\n" + command + "\n" + askersKey + "\n" + devicesKey + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
