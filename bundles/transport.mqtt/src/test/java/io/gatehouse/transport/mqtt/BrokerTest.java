package io.gatehouse.transport.mqtt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerTest {
    @ParameterizedTest
    @CsvSource({
        "tcp://broker:1884, tcp://broker:1884",
        "mqtt://broker, tcp://broker:1883",
        "MQTTS://broker/, ssl://broker:8883",
        "ssl://[::1]:8884, ssl://[::1]:8884"
    })
    void readsAnAddress(String text, String address) {
        Broker broker = Broker.at(text);
        assertEquals(address, broker.address());
        assertEquals(Optional.empty(), broker.username());
        assertEquals(Optional.empty(), broker.password());
    }

    @Test
    void takesUserAndPasswordOutOfAnAddress() {
        Broker broker = Broker.at("ssl://m%3Ae:s%40cret:x+y@broker:8883");
        assertEquals("ssl://broker:8883", broker.address());
        assertEquals(Optional.of("m:e"), broker.username());
        assertArrayEquals("s@cret:x+y".getBytes(), broker.password().orElseThrow());
        assertTrue(broker.tls());
    }

    @Test
    void takesAnotherPasswordForTheUserInTheAddress() {
        Broker broker = Broker.at("tcp://me:old@broker").as("", "new");
        assertEquals(Optional.of("me"), broker.username());
        assertArrayEquals("new".getBytes(), broker.password().orElseThrow());
    }

    @Test
    void refusesAPasswordWithoutAUser() {
        assertEquals(
                "a password needs a user: set \"username\", or take the password away",
                refusal(() -> Broker.at("tcp://broker").as("", "secret")));
    }

    @Test
    void refusesToTrustSomebodyWhereThereIsNoTls() {
        String refusal = refusal(() -> Broker.at("tcp://broker").trusting(Path.of("ca.pem")));
        assertEquals(
                "\"trust\" (ca.pem) is of no use with tcp://broker, which has no TLS: use ssl://, or take \"trust\" away",
                refusal);
    }

    @ParameterizedTest
    @ValueSource(strings = {"broker:1883", "http://broker", "tcp://broker/path", "tcp:broker", "tcp://broker?x=y"})
    void refusesWhatIsNoAddressOfABroker(String text) {
        assertEquals(
                "broker address \"" + text + "\" must be tcp://host:port, or ssl://host:port for TLS",
                refusal(() -> Broker.at(text)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp://my_broker:1883", "tcp://broker:70000", "tcp://broker:0", "tcp://:1883"})
    void refusesAHostOrPortThatCannotBe(String text) {
        assertEquals(
                "broker address \"" + text
                        + "\" must have a host name of letters, digits, '.' and '-', and a port from 1 to 65535",
                refusal(() -> Broker.at(text)));
    }

    /** Whatever somebody mistypes around it, and whatever the password has in it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://me:secret@broker",
                "tcp://me:secret@my_broker",
                "tcp://me:secret@broker:70000",
                "tcp://me:secret@broker/path",
                "tcp://me:secret with space@broker",
                "tcp://me:secret%zz@broker",
                "tcp://me:secret/#?@broker",
                "tcp://me:a@secret@broker",
                "me:secret@broker:1883"
            })
    void neverShowsThePassword(String text) {
        Throwable failure = assertThrows(IllegalArgumentException.class, () -> Broker.at(text));
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        assertFalse(trace.toString().contains("secret"), trace::toString);
        assertTrue(failure.getMessage().contains("***@"), failure::getMessage);
    }

    @Test
    void doesNotShowItselfWithThePassword() {
        assertEquals("tcp://broker:1883", Broker.at("tcp://me:secret@broker").toString());
    }

    private static String refusal(Runnable call) {
        return assertThrows(IllegalArgumentException.class, call::run).getMessage();
    }
}
