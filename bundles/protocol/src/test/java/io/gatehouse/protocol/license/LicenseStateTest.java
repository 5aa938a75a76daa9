package io.gatehouse.protocol.license;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The words of docs/protocol.md. */
final class LicenseStateTest {
    @Test
    void fourWordsSayThatALicenseIsInForce() {
        assertEquals(
                List.of("granted", "due", "expiring", "grace"),
                Stream.of("granted", "due", "expiring", "grace", "ended", "revoked", "waiting", "refused")
                        .filter(word -> LicenseState.of(word).orElseThrow().isInForce())
                        .toList());
    }

    @Test
    void aWordThatIsNotKnownIsNoState() {
        assertEquals(Optional.empty(), LicenseState.of("renewed"));
        assertEquals(Optional.empty(), LicenseState.of("GRANTED"));
    }
}
