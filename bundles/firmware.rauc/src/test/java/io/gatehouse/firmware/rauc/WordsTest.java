package io.gatehouse.firmware.rauc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatehouse.api.firmware.FirmwareRefused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WordsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bad-signature    | signature verification failed: Verify error: self-signed certificate",
                "bad-signature    | Signature data is no valid CMS",
                "wrong-compatible | Installation error: Compatible mismatch: Expected 'a' but bundle manifest has 'b'",
                "bad-image        | Signature size (8386654226713503342) exceeds bundle size",
                "bad-image        | bundle payload is corrupted",
                "bad-image        | Bundle format 'plain' not allowed",
                "bad-image        | Installation error: No target slot for class app of image app.img found",
                "bad-image        | Failed updating slot rootfs.1: Size of image (9) does not fit to slot size 8",
            })
    void refusesWhatNoOtherAttemptChanges(String type, String words) {
        FirmwareRefused refused = assertThrows(FirmwareRefused.class, () -> Words.failure(words));
        assertEquals(type, refused.type());
        assertEquals("RAUC: " + words, refused.detail());
    }

    @ParameterizedTest
    @CsvSource({
        "Failed mounting bundle: failed to run mount",
        "signature verification failed: Verify error: certificate is not yet valid",
        "Failed updating slot rootfs.1: failed to copy data: Input/output error",
        "cannot check bundle payload without exclusive access: could not ensure exclusive bundle access",
    })
    void failsWhereItMayGoBetterLater(String words) throws Exception {
        assertEquals("RAUC: " + words, Words.failure(words).getMessage());
    }

    @Test
    void knowsNoWordsOfAProgramThatWasKilled() throws Exception {
        assertEquals("RAUC: ", Words.failure("").getMessage());
    }
}
