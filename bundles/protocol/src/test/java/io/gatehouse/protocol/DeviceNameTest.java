package io.gatehouse.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceNameTest {
    @Test
    void isReadAndWrittenTheSame() {
        DeviceName name = DeviceName.parse("dwr/311-a1/00-11-22-33-44-55");
        assertEquals(new DeviceName("dwr", "311-a1", "00-11-22-33-44-55"), name);
        assertEquals("dwr/311-a1/00-11-22-33-44-55", name.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "dwr",
                "dwr/311",
                "dwr/311/1/2",
                "/311/1",
                "dwr//1",
                "dwr/311/",
                "dwr/+/1",
                "dwr/#/1",
                "dwr/3 1/1",
                "$SYS/a/b",
                "dwr/311/ä",
                "dwr/311/.x",
                "dwr/cmd/1",
                "status/a/b",
                "a/b/self",
                "a/reply/c",
                "a/b/claim"
            })
    void refusesWhatIsNoName(String text) {
        String message = assertThrows(IllegalArgumentException.class, () -> DeviceName.parse(text))
                .getMessage();
        assertTrue(message.contains("device \"" + text + "\""), message);
    }

    @Test
    void levelHasAtMost64Characters() {
        DeviceName.parse("f/m/" + "x".repeat(64));
        assertThrows(IllegalArgumentException.class, () -> DeviceName.parse("f/m/" + "x".repeat(65)));
    }

    @Test
    void scopesGoFromWidestToNarrowest() {
        DeviceName name = DeviceName.parse("dwr/311/1");
        assertEquals(List.of("dwr", "dwr/311", "dwr/311/1"), name.scopes(Optional.empty()));
        assertEquals(
                List.of("world", "world/asia", "world/asia/taiwan", "dwr", "dwr/311", "dwr/311/1"),
                name.scopes(Optional.of("world/asia/taiwan")));
    }

    @Test
    void refusesPlaceThatIsNoPathOrBeginsWithTheFamily() {
        DeviceName name = DeviceName.parse("dwr/311/1");
        for (String place : List.of("", "world/", "dwr/x", "world/cmd", "wo#ld")) {
            String message = assertThrows(IllegalArgumentException.class, () -> name.scopes(Optional.of(place)))
                    .getMessage();
            assertTrue(message.contains("place \"" + place + "\""), message);
        }
    }
}
