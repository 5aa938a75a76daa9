package io.gatehouse.transport.mqtt;

import java.lang.reflect.Field;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.internal.ClientComms;
import org.eclipse.paho.mqttv5.client.internal.ClientState;
import org.eclipse.paho.mqttv5.client.internal.MqttConnectionState;
import org.jspecify.annotations.Nullable;

/**
 * What Paho 1.2.5 holds of a connection, put right in three points. It would send topic aliases unasked, and lose topics by
 * it; it reads a receive maximum above 32767 as negative; and it confuses the two maximum packet sizes: it holds the broker's
 * against what the broker sends, and ours against what we send. There is no way to hand it in but by reflection.
 */
final class UnaliasedState extends MqttConnectionState {
    private final int window;
    private volatile int allowed;

    private UnaliasedState(String clientId, int window) {
        super(clientId);
        this.window = window;
        this.allowed = window;
    }

    /** Gives it to a client that did not connect yet. */
    static void install(MqttAsyncClient client, int window) throws ReflectiveOperationException {
        UnaliasedState state = new UnaliasedState(client.getClientId(), window);
        Object comms = value(MqttAsyncClient.class, client, "comms");
        Object clientState = value(ClientComms.class, comms, "clientState");
        set(MqttAsyncClient.class, client, state);
        set(ClientComms.class, comms, state);
        set(ClientState.class, clientState, state);
    }

    private static Object value(Class<?> type, Object of, String name) throws ReflectiveOperationException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field.get(of);
    }

    private static void set(Class<?> type, Object of, UnaliasedState state) throws ReflectiveOperationException {
        Field field = type.getDeclaredField("mqttConnection");
        field.setAccessible(true);
        field.set(of, state);
    }

    @Override
    public Integer getReceiveMaximum() {
        return allowed;
    }

    @Override
    public void setReceiveMaximum(@Nullable Integer receiveMaximum) {
        if (receiveMaximum != null) {
            allowed = Math.min(window, Short.toUnsignedInt(receiveMaximum.shortValue()));
        }
    }

    @Override
    public Integer getOutgoingTopicAliasMaximum() {
        return 0;
    }

    /** What is larger than CONNECT allowed does not get here, see {@link BoundedPackets}; Paho would look when it made room. */
    @Override
    public @Nullable Long getOutgoingMaximumPacketSize() {
        return null;
    }

    /** What is too large for the broker is found before Paho has it: see {@link Packets#outgoing}. */
    @Override
    public @Nullable Long getIncomingMaximumPacketSize() {
        return null;
    }
}
