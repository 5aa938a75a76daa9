package io.gatehouse.cli.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BrokerTest {
    @ParameterizedTest
    @CsvSource({
        "tcp://host:1883, tcp://host:1883",
        "ssl://me@host, ssl://host",
        "ssl://me:s3cret@host:8883/, ssl://host:8883",
        "mqtt://me:s3%40cret@[fe80::1]:1883, mqtt://[fe80::1]:1883",
        "tcp://me:s3cret@my_broker:1883, tcp://my_broker:1883"
    })
    void hasNoUserAndNoPasswordInItsText(String address, String text) throws Trouble {
        assertEquals(text, Broker.parse(address).toString());
        assertEquals(URI.create(address), Broker.parse(address).uri());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tcp://me:s3cret@ho st",
                "tcp://me:s3/cret@host",
                "tcp://me:s3#cret@host",
                "tcp://me:s3?cret@host:1883",
                "tcp://me:s3@cret@ho^st",
                "tcp://me:s3%cret@host",
                "me:s3cret@host:1883",
                "tcp://me:s3cret@host/path",
            })
    void tellsWhatIsWrongWithoutThePassword(String address) {
        Trouble trouble = assertThrows(Trouble.class, () -> Broker.parse(address));
        String message = trouble.getMessage();
        assertFalse(message.contains("s3") || message.contains("cret"), message);
        assertTrue(message.contains("…@ho"), message);
        assertTrue(message.contains("write it as tcp://host:1883"), message);
        assertNull(trouble.getCause(), "a cause may quote the address, and --verbose prints it");
    }

    @Test
    void namesTheWholeAddressWhereThereIsNoUserInIt() {
        assertEquals(
                "not a broker's address: host:1883; write it as tcp://host:1883",
                assertThrows(Trouble.class, () -> Broker.parse("host:1883")).getMessage());
    }

    @Test
    void takesAPasswordWhateverIsInIt() throws Trouble {
        Broker broker = Broker.parse("ssl://me@host:8883").withPassword("a b+c@d/e:%ü");
        assertEquals("me:a b+c@d/e:%ü", broker.uri().getUserInfo());
        assertEquals("ssl://host:8883", broker.toString());
        assertEquals(
                "me:new",
                Broker.parse("tcp://me:old@host").withPassword("new").uri().getUserInfo());
    }

    @Test
    void asksForTheUserOfAPassword() {
        assertEquals(
                "a password is given, and tcp://host:1883 names no user: write it as tcp://user@host:1883",
                assertThrows(Trouble.class, () -> Broker.parse("tcp://host:1883")
                                .withPassword("x"))
                        .getMessage());
    }
}
