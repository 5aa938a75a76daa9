package io.gatehouse.tasks.diagnostics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SecretsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "password",
                "dbPassword",
                "wifi.psk",
                "PIN",
                "simPin",
                "pin_code",
                "apiKey",
                "gatehouse.token",
                "clientSecret",
                "credentials",
                "passphrase",
                "private.data",
                "Authorization"
            })
    void knowsASecretByItsKey(String key) {
        assertTrue(Secrets.isSecret(key));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mapping", "keepAlive", "ping.count", "opinion", "uri", "period", "spinning"})
    void leavesOtherKeysAlone(String key) {
        assertFalse(Secrets.isSecret(key));
    }

    @Test
    void masksTheWholeOfASecretThatAnotherIsPartOf() {
        Secrets secrets = new Secrets();
        secrets.learn(Map.of("a.password", "abcdef", "b.password", "abcdefgh", "c.key", "true", "d.pin", "1"));
        assertEquals("*** *** true 1", secrets.masked("abcdefgh abcdef true 1"));
    }
}
