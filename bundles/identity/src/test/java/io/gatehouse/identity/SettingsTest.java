package io.gatehouse.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SettingsTest {
    private final Settings settings = new Settings(property -> Optional.ofNullable(
            Map.of("padded", " text\n", "blank", " ", "gatehouse.state", "").get(property)));

    @Test
    void whatIsBlankIsNotSet() {
        assertEquals(Optional.of("text"), settings.get("padded"));
        assertEquals(Optional.empty(), settings.get("blank"));
        assertEquals(Optional.empty(), settings.get("missing"));
    }

    @Test
    void namesThePropertyThatMustNameTheFolder() {
        String message =
                assertThrows(IllegalStateException.class, settings::folder).getMessage();
        assertTrue(message.contains("gatehouse.state"), message);
    }
}
