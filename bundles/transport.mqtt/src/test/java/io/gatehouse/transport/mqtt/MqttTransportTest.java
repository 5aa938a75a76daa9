package io.gatehouse.transport.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatehouse.transport.mqtt.MqttTransport.Settings;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.eclipse.paho.mqttv5.common.packet.MqttConnect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.BundleContext;

/** The component, made as Declarative Services make it. */
class MqttTransportTest {
    private final PahoThreads threads = new PahoThreads();
    private final Somebody somebody = new Somebody();
    private final Map<String, String> framework = new HashMap<>();
    private MqttTransport transport;

    @AfterEach
    void close() {
        if (transport != null) {
            transport.close();
        }
    }

    @Test
    void connectsAsConfiguredAndLeavesWhenItIsDeactivated() throws Exception {
        somebody.will = Optional.of(Somebody.text("status", "offline"));
        try (ScriptedBroker broker = new ScriptedBroker()) {
            activate(
                    "tcp://nobody:1",
                    Map.of(
                            "uri",
                            broker.uri().toString(),
                            "username",
                            "me",
                            "password",
                            "secret",
                            "keepAlive",
                            17,
                            "receiveMaximum",
                            18,
                            "maximumPacketSize",
                            300_000,
                            "willDelay",
                            "PT20S"));
            await().until(() -> somebody.connections.get() == 1);
            MqttConnect connect = broker.got(MqttConnect.class).get(0);
            assertEquals("me", connect.getUserName());
            assertArrayEquals("secret".getBytes(), connect.getPassword());
            assertEquals(18, connect.getProperties().getReceiveMaximum());
            assertEquals(300_000L, connect.getProperties().getMaximumPacketSize());
            assertEquals(20L, connect.getWillProperties().getWillDelayInterval());
            transport.close();
            await().until(() -> threads.names().isEmpty());
        }
    }

    @Test
    void connectsWhereTheFrameworkSaysWithoutAnyConfiguration() throws Exception {
        try (ScriptedBroker broker = new ScriptedBroker()) {
            activate(broker.uri().toString(), Map.of());
            await().until(() -> somebody.connections.get() == 1);
        }
    }

    @Test
    void saysWhatToSetWhereNobodySaysWhereTheBrokerIs() {
        try (Logged logged = new Logged(MqttTransport.class)) {
            activate(null, Map.of());
            assertEquals(
                    List.of("no broker: set \"uri\" in the configuration io.gatehouse.transport.mqtt,"
                            + " or the property gatehouse.broker, for example to tcp://broker:1883"),
                    logged.texts());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "uri | http://broker | broker address \"http://broker\" must be tcp://host:port, or ssl://host:port for TLS",
                "uri | ftp://me:secret@broker | broker address \"ftp://***@broker\" must be tcp://host:port, or ssl://host:port for TLS",
                "willDelay | 30 | willDelay must be a duration such as PT30S: \"30\"",
                "protocols | TLSv1.1 | protocols must be TLSv1.3, or TLSv1.3,TLSv1.2 for an old broker: TLSv1.1",
                "uri | tcp://192.168.1.2 | broker address \"tcp://192.168.1.2:1883\" has no TLS, and is not on this machine: use ssl://, or permit it by \"plaintext\" or the property gatehouse.broker.plaintext",
                "uri | tcp://127.0.0.1.example.org | broker address \"tcp://127.0.0.1.example.org:1883\" has no TLS, and is not on this machine: use ssl://, or permit it by \"plaintext\" or the property gatehouse.broker.plaintext",
                "willDelay | PT-1S | willDelay must not be negative: PT-1S",
                "password | secret | a password needs a user: set \"username\", or take the password away",
                "trust | ca.pem | \"trust\" (ca.pem) is of no use with tcp://127.0.0.1, which has no TLS: use ssl://, or take \"trust\" away"
            })
    void refusesTextThatWillNotDo(String name, String value, String refusal) {
        assertEquals("io.gatehouse.transport.mqtt: " + refusal, refusal(Map.of(name, value)));
    }

    @ParameterizedTest
    @CsvSource({
        "keepAlive, -1, 0 to 65535",
        "receiveMaximum, 0, 1 to 65535",
        "window, 0, 1 to 65535",
        "maximumPacketSize, 100, 278528 to 268435460"
    })
    void refusesNumbersThatWillNotDo(String name, int value, String bounds) {
        assertEquals(
                "io.gatehouse.transport.mqtt: " + name + " must be from " + bounds + ": " + value,
                refusal(Map.of(name, value)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"tcp://localhost", "tcp://127.9.9.9:1", "tcp://[::1]:1", "mqtt://LOCALHOST:1", "ssl://192.0.2.1"
            })
    void speaksWithoutTlsOnThisMachineAlone(String address) {
        activate(address, Map.of());
    }

    @Test
    void speaksWithoutTlsElsewhereWhereThatIsPermitted() {
        activate("tcp://192.0.2.1", Map.of("plaintext", true));
        transport.close();
        framework.put("gatehouse.broker.plaintext", "true");
        activate("tcp://192.0.2.1", Map.of());
    }

    @Test
    void connectsAnEndpointWhereItWantsToBeConnected() throws Exception {
        try (ScriptedBroker broker = new ScriptedBroker()) {
            activate(
                    "tcp://127.0.0.1:1",
                    Map.of("uri", "tcp://127.0.0.1:2"),
                    Map.of("gatehouse.broker", broker.uri().toString()),
                    null);
            await().until(() -> somebody.connections.get() == 1);
        }
    }

    private String refusal(Map<String, Object> configuration) {
        return assertThrows(IllegalArgumentException.class, () -> activate("tcp://127.0.0.1", configuration))
                .getMessage();
    }

    private void activate(String broker, Map<String, Object> configuration) {
        activate(broker, configuration, Map.of(), null);
    }

    private void activate(
            String broker, Map<String, Object> configuration, Map<String, Object> endpoint, SSLContext fleet) {
        Map<String, String> properties = new HashMap<>(framework);
        properties.put("gatehouse.broker", broker);
        BundleContext context = (BundleContext) Proxy.newProxyInstance(
                BundleContext.class.getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (self, method, arguments) -> properties.get((String) arguments[0]));
        transport = new MqttTransport(
                context, proxy(Settings.class, configuration), Map.entry(endpoint, somebody), somebody, fleet);
    }

    /** Answers by a method's name, and by its default where there is no such name. */
    private static <T> T proxy(Class<T> type, Map<String, Object> answers) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    Object answer = answers.getOrDefault(method.getName(), method.getDefaultValue());
                    return answer instanceof Optional<?> some ? some.orElse(null) : answer;
                }));
    }
}
