package io.gatehouse.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BundleStateTest {
    /** The numbers are those of the OSGi Core specification, chapter 4.4.2. */
    @ParameterizedTest
    @CsvSource({"1, uninstalled", "2, installed", "4, resolved", "8, starting", "16, stopping", "32, active"})
    void hasAWordForEachStateOfTheFramework(int state, String word) {
        assertEquals(word, BundleState.of(state).word());
    }

    @Test
    void refusesANumberThatIsNoState() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> BundleState.of(3));
        assertEquals("not a bundle's state: 3", e.getMessage());
    }
}
