package io.gatehouse.api.artifact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Sha256Test {
    /** From FIPS 180-4's examples. */
    private static final String OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @Test
    void isTheDigestOfTheStandard() {
        assertEquals(OF_ABC, Sha256.of("abc".getBytes(StandardCharsets.UTF_8)).toString());
    }

    @Test
    void isTheSameOfAFileAsOfItsBytesAndPieces(@TempDir Path folder) throws IOException {
        byte[] bytes = new byte[200_001];
        new Random(1).nextBytes(bytes);
        Path file = Files.write(folder.resolve("f"), bytes);
        MessageDigest fed = Sha256.digest();
        fed.update(bytes, 0, 7);
        fed.update(bytes, 7, bytes.length - 7);
        assertEquals(Sha256.of(bytes), Sha256.of(file));
        assertEquals(Sha256.of(bytes), Sha256.of(fed));
        assertEquals(Sha256.of(new byte[0]), Sha256.of(fed), "the digest starts anew");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "abc",
                "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
                "../816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n"
            })
    void refusesWhatIsNoDigest(String text) {
        String message = assertThrows(IllegalArgumentException.class, () -> new Sha256(text))
                .getMessage();
        assertTrue(message.contains(text), message);
    }

    @Test
    void artifactHasNoNegativeSize() {
        String message = assertThrows(
                        IllegalArgumentException.class, () -> new Artifact(new Sha256(OF_ABC), -1, Optional.empty()))
                .getMessage();
        assertTrue(message.contains("-1") && message.contains(OF_ABC), message);
    }
}
