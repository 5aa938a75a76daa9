package io.gatehouse.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PinnedRootTest {
    private static final String ROOT = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";

    @Test
    void isWhatTheSettingSays() {
        assertEquals(Optional.of(ROOT), new PinnedRoot(Optional.of(ROOT), Optional.empty()).root());
    }

    @Test
    void isNothingWhereNothingIsSet() {
        assertEquals(Optional.empty(), new PinnedRoot(Optional.empty(), Optional.empty()).root());
    }

    @Test
    void isWhatTheTokenSays() {
        assertEquals(Optional.of(ROOT), new PinnedRoot(Optional.empty(), Optional.of(ROOT)).root());
        assertEquals(Optional.of(ROOT), new PinnedRoot(Optional.of(ROOT), Optional.of(ROOT)).root());
    }

    @Test
    void refusesASettingThatContradictsTheToken() {
        String other = ROOT.replace('k', 'K');
        String message = assertThrows(
                        IllegalArgumentException.class, () -> new PinnedRoot(Optional.of(other), Optional.of(ROOT)))
                .getMessage();
        assertTrue(message.contains(other) && message.contains(ROOT), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"root", ROOT + "=", "kPrK+qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"})
    void refusesWhatIsNoThumbprint(String root) {
        String message = assertThrows(
                        IllegalArgumentException.class, () -> new PinnedRoot(Optional.of(root), Optional.empty()))
                .getMessage();
        assertTrue(message.contains("gatehouse.root") && message.endsWith(root), message);
    }
}
