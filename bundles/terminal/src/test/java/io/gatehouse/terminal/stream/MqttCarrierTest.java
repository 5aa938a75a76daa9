package io.gatehouse.terminal.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.device.Device;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outbox;
import io.gatehouse.api.message.Receiver;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** How frames leave, and what is registered for those that come. */
final class MqttCarrierTest {
    private final List<Message> sent = new ArrayList<>();
    private final List<String> registry = new ArrayList<>();
    private boolean isReplaced;

    @Test
    void sendsFramesAsBytesThatStayInMemory() {
        carrier().send("stream/s1/out", new byte[] {1, 2});
        Message message = sent.get(0);
        assertEquals("dwr/311-a1/1/stream/s1/out", message.topic());
        assertArrayEquals(new byte[] {1, 2}, message.payload());
        assertEquals(Message.BYTES, message.contentType());
        assertFalse(message.retain());
        assertTrue(message.expiry().orElseThrow().compareTo(Duration.ofSeconds(10)) <= 0);
    }

    @Test
    void losesFramesWhileTheOutboxIsReplaced() {
        isReplaced = true;
        carrier().send("stream/s1/out", new byte[1]);
        assertEquals(List.of(), sent);
    }

    @Test
    void hasAReceiverAtTheTopicUntilItIsWithdrawn() {
        Runnable withdrawal = carrier().receive("stream/s1/in", message -> {});
        assertEquals(List.of("+stream/s1/in"), registry);
        withdrawal.run();
        assertEquals(List.of("+stream/s1/in", "-stream/s1/in"), registry);
        withdrawal.run(); // as where the bundle was stopped first
    }

    private MqttCarrier carrier() {
        return new MqttCarrier(context(), outbox(), device());
    }

    private Outbox outbox() {
        return made(Outbox.class, (method, arguments) -> {
            assertEquals("send", method);
            if (isReplaced) {
                throw new IllegalStateException("another outbox has taken the place of this one");
            }
            sent.add((Message) arguments[0]);
        });
    }

    private static Device device() {
        return (Device) Proxy.newProxyInstance(
                Device.class.getClassLoader(), new Class<?>[] {Device.class}, (proxy, method, arguments) -> {
                    assertEquals("name", method.getName());
                    return "dwr/311-a1/1";
                });
    }

    private BundleContext context() {
        return (BundleContext) Proxy.newProxyInstance(
                BundleContext.class.getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (proxy, method, arguments) -> {
                    assertEquals("registerService", method.getName());
                    assertEquals(Receiver.class, arguments[0]);
                    Object topic = ((Dictionary<?, ?>) arguments[2]).get("gatehouse.receives");
                    registry.add("+" + topic);
                    return registration("-" + topic);
                });
    }

    private ServiceRegistration<?> registration(String end) {
        return made(ServiceRegistration.class, (method, arguments) -> {
            assertEquals("unregister", method);
            if (registry.contains(end)) {
                throw new IllegalStateException("it is unregistered");
            }
            registry.add(end);
        });
    }

    @FunctionalInterface
    private interface Called {
        void with(String method, Object[] arguments);
    }

    private static <T> T made(Class<T> type, Called called) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    called.with(method.getName(), arguments);
                    return null;
                }));
    }
}
