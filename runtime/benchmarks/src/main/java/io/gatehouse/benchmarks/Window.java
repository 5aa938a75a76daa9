package io.gatehouse.benchmarks;

import java.util.concurrent.Semaphore;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;

/** Lets so many messages be on their way at once: beyond what the broker allows, Paho throws. */
final class Window implements MqttActionListener {
    private final Semaphore free;

    Window(int messages) {
        this.free = new Semaphore(messages);
    }

    /** Waits until one more may leave. */
    void await() throws InterruptedException {
        free.acquire();
    }

    @Override
    public void onSuccess(IMqttToken token) {
        free.release();
    }

    @Override
    public void onFailure(IMqttToken token, Throwable exception) {
        System.err.println("not acknowledged: " + exception);
        free.release();
    }
}
