package io.gatehouse.protocol.enrollment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.BadArgument;
import io.gatehouse.protocol.DeviceName;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenTest {
    private static final Sha256 CA = Sha256.of(new byte[] {1});
    private static final String ROOT = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";
    private static final DeviceName DEVICE = DeviceName.parse("dwr/311-a1/7");

    private final Token token = Token.generate(DEVICE, Optional.of("world/asia"), CA, ROOT, new SecureRandom());

    @Test
    void isReadAsItWasWritten() {
        assertEquals(token, Token.read(token.write()));
        Token without = Token.generate(DEVICE, Optional.empty(), CA, ROOT, new SecureRandom());
        assertEquals(without, Token.read(without.write()));
        assertNotEquals(token.id(), without.id());
        assertNotEquals(token.secret(), without.secret());
    }

    @Test
    void isReadOffTheTopicsOfClaimsAndRenewals() {
        assertEquals(Optional.of(token.id()), Token.claimedBy(token.topic()));
        assertEquals(Optional.of(DEVICE.toString()), Token.renewedBy(Token.renewalTopic(DEVICE.toString())));
        for (String other : List.of("", "claim", "claim/short", "x/" + token.id(), "a/b/claim", "a/b/c/d/claim")) {
            assertEquals(Optional.empty(), Token.claimedBy(other), other);
            assertEquals(Optional.empty(), Token.renewedBy(other), other);
        }
        assertEquals("claim/+", Token.CLAIMS);
        assertEquals("+/+/+/claim", Token.RENEWALS);
    }

    @Test
    void isOneWordThatNoShellChanges() {
        assertEquals(token.write(), token.write().replaceAll("[^A-Za-z0-9_-]", ""));
    }

    @Test
    void macsByTheSecretsBytesAsOthersDo() {
        // printf request | openssl dgst -sha256 -mac HMAC -macopt hexkey:0000…00 -binary | basenc --base64url
        Token zero = new Token("A".repeat(22), "A".repeat(43), DEVICE, Optional.empty(), CA, ROOT);
        assertEquals(
                "QpHPwzSqFbxX3GM-_wgAgvItIczcVOVN6GvC7lYdusg", zero.mac("request".getBytes(StandardCharsets.US_ASCII)));
    }

    @ParameterizedTest
    @CsvSource({
        "id, short",
        "secret, short",
        "device, dwr",
        "place, dwr/asia",
        "ca, 12",
        "root, short",
    })
    void refusesATokenWithAMemberThatWillNotDoAndDoesNotShowIt(String member, String value) {
        String json = new String(Base64.getUrlDecoder().decode(token.write()), StandardCharsets.UTF_8)
                .replaceFirst("\"" + member + "\":\"[^\"]*\"", "\"" + member + "\":\"" + value + "\"");
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
        BadArgument refusal = assertThrows(BadArgument.class, () -> Token.read(text));
        assertFalse(String.valueOf(refusal.getMessage()).contains(token.secret()));
        assertEquals(null, refusal.getCause());
    }

    @Test
    void showsItsSecretInNoText() {
        assertFalse(token.toString().contains(token.secret()));
        BadArgument refusal = assertThrows(BadArgument.class, () -> Token.read(token.write() + "!"));
        assertFalse(refusal.getMessage().contains(token.write()));
    }
}
