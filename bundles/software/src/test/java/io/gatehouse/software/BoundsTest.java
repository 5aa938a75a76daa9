package io.gatehouse.software;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoundsTest {
    @ParameterizedTest
    @CsvSource({
        "com.acme.modbus, true",
        "com.acme.modbus.tcp, true",
        "org.acme.one, true",
        "com.acme, false",
        "com.acmeevil.modbus, false",
        "org.acme.one.more, false",
        "org.acme, false",
        "io.gatehouse.dispatch, false"
    })
    void nameFitsWhereItIsOneOfTheNamesOrBelowOne(String name, boolean fits) {
        assertEquals(fits, Bounds.fits(name, List.of("com.acme.*", "org.acme.one")));
    }

    @Test
    void noNameFitsNone() {
        assertEquals(false, Bounds.fits("com.acme", List.of()));
    }
}
